// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/record/told_meanings.hpp"

#include <cstring>

namespace naudit::interpret {
namespace {

// Stands before each text.
struct Head {
  std::uint32_t size = 0;
  tables::FieldId field = 0;
  Form form = Form::kNone;
  bool claim = false;
};

}  // namespace

void append_told_meaning(bool claim, tables::FieldId field, const ToldMeaning& meaning, std::string& out) {
  const Head head{
      .size = static_cast<std::uint32_t>(meaning.text.size()), .field = field, .form = meaning.form, .claim = claim};
  char bytes[sizeof head];
  std::memcpy(bytes, &head, sizeof head);
  out.append(bytes, sizeof bytes);
  out += meaning.text;
}

std::optional<ToldMeaning> ToldMeanings::find(bool claim, tables::FieldId field) noexcept {
  // Once around, beginning where the last one ended.
  const std::size_t start = next_;
  std::size_t at = start;
  bool is_around = false;
  while (!is_around || at < start) {
    if (told_.size() - at < sizeof(Head)) {
      if (is_around || start == 0) break;
      is_around = true;
      at = 0;
      continue;
    }
    Head head;
    std::memcpy(&head, told_.data() + at, sizeof head);
    at += sizeof head;
    const std::string_view text = told_.substr(at, head.size);
    at += text.size();
    if (head.field != field || head.claim != claim) continue;
    next_ = at;
    return ToldMeaning{head.form, text};
  }
  return std::nullopt;
}

}  // namespace naudit::interpret
