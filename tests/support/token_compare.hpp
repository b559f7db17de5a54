// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
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

// A TokenRepeat, and the bodies that were its bases: the first has the number 1.
struct Repeated {
  interpret::TokenRepeat repeat;
  std::uint64_t last_base = 0;
  std::vector<std::string> bases;
};

// Do the fields that are told to be the base's have its values?
inline bool is_like_base(const Repeated& repeated, correlate::Source source, const interpret::Tokens& tokens,
                         const std::vector<interpret::Field>& fields) {
  if (tokens.base == 0) return tokens.changed == 0;
  if (tokens.base > repeated.bases.size()) return false;
  std::vector<interpret::Field> base(1);
  interpret::Tokens base_tokens;
  interpret::tokenise(repeated.bases[tokens.base - 1], source, base, base_tokens);
  if (base.size() != fields.size() || base_tokens.enriched != tokens.enriched) return false;
  for (std::size_t i = 1; i < base.size(); ++i) {
    if (base[i].name != fields[i].name) return false;
    if ((tokens.changed >> (i - 1) & 1U) != 0) continue;
    if (base[i].value != fields[i].value || base[i].spelling != fields[i].spelling) return false;
  }
  return true;
}

// Does it take the body apart as tokenise() does, after what it had before, and say rightly what changed?
inline bool same_tokens(Repeated& repeated, std::string_view body,
                        correlate::Source source = correlate::Source::kStored) {
  std::vector<interpret::Field> expected(1);
  std::vector<interpret::Field> fields(1);
  interpret::Tokens expected_tokens;
  interpret::Tokens tokens;
  interpret::tokenise(body, source, expected, expected_tokens);
  repeated.repeat.tokenise(body, source, fields, tokens, repeated.last_base);
  if (repeated.last_base > repeated.bases.size()) repeated.bases.emplace_back(body);
  return is_like_base(repeated, source, tokens, fields) && is_same_record(tokens, expected_tokens) &&
         std::equal(fields.begin() + 1, fields.end(), expected.begin() + 1, expected.end(), is_same_field);
}

}  // namespace naudit::tests
