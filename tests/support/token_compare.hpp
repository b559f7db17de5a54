// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "interpret/record/token_repeat.hpp"
#include "interpret/record/tokens.hpp"

namespace naudit::tests {

// The very same bytes, not only the same text. Of nothing, where it is does not matter.
inline bool is_same_view(std::string_view a, std::string_view b) {
  return a.size() == b.size() && (a.empty() || a.data() == b.data());
}

inline bool is_same_field(const interpret::Field& a, const interpret::Field& b) {
  return is_same_view(a.name, b.name) && is_same_view(a.value, b.value) && a.id == b.id && a.spelling == b.spelling;
}

inline bool is_same_record(const interpret::Tokens& a, const interpret::Tokens& b) {
  return a.first == b.first && a.count == b.count && a.claim_first == b.claim_first && a.claim_count == b.claim_count &&
         a.claim_at == b.claim_at && a.has_claim == b.has_claim && is_same_view(a.avc_result, b.avc_result) &&
         is_same_view(a.avc_permissions, b.avc_permissions) && a.avc_in_claim == b.avc_in_claim &&
         is_same_view(a.words, b.words) && is_same_view(a.claim_words, b.claim_words) &&
         is_same_view(a.enriched, b.enriched) && a.regular == b.regular;
}

// Does `repeat`, after what it had before, take the body apart as tokenise() does?
inline bool same_tokens(interpret::TokenRepeat& repeat, std::string_view body,
                        correlate::Source source = correlate::Source::kStored) {
  std::vector<interpret::Field> expected(1);
  std::vector<interpret::Field> fields(1);
  interpret::Tokens expected_tokens;
  interpret::Tokens tokens;
  interpret::tokenise(body, source, expected, expected_tokens);
  repeat.tokenise(body, source, fields, tokens);
  return is_same_record(tokens, expected_tokens) &&
         std::equal(fields.begin() + 1, fields.end(), expected.begin() + 1, expected.end(), is_same_field);
}

}  // namespace naudit::tests
