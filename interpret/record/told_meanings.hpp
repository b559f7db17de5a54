// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "interpret/form.hpp"
#include "tables/fields.hpp"

namespace naudit::interpret {

// What a field means, in the words of the input.
struct ToldMeaning {
  Form form = Form::kNone;
  std::string_view text;  // as Meaning::append() gives it
};

// What the native event says that the fields of one record mean: its members `auid_name`, `a1_list`, `mode_text` … They
// were made where and when the event happened, and so they are the event's own. They travel beside the record's text
// (correlate::Event::told), in a form of our own that only the reader of the native event writes.
//
// A view; one object a record. What it returns points into what it reads. Time is linear in the number of known fields.
class ToldMeanings {
 public:
  void read(std::string_view told) noexcept {
    told_ = told;
    next_ = 0;
  }
  [[nodiscard]] bool empty() const noexcept { return told_.empty(); }

  // Of a field of the kernel's part, or of the claim; nothing if the input does not say.
  std::optional<ToldMeaning> find(bool claim, tables::FieldId field) noexcept;

 private:
  std::string_view told_;
  std::size_t next_ = 0;  // behind the last one found: fields are asked for in their order
};

// Appends one of them to what the above reads. Once a field and part, in the order of the fields.
void append_told_meaning(bool claim, tables::FieldId field, const ToldMeaning& meaning, std::string& out);

}  // namespace naudit::interpret
