// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>

#include "formats/json/text.hpp"
#include "interpret/record/tokens.hpp"
#include "tables/fields.hpp"

namespace naudit::formats {

// Single values of fields as JSON, without a comma. Each says whether the value comes back byte for byte by the rules
// of reader.hpp. Owner: JsonRecord, which has reserved the room. One thread.
class JsonValues {
 public:
  explicit JsonValues(JsonText& json) : json_(json) {}

  // A number, a word, or null.
  bool put_plain(const interpret::Field& field);
  // A string that the kernel encodes: quoted, or hexadecimal digits.
  bool put_encoded(const interpret::Field& field, tables::FieldClass kind);
  // An array, split at NUL.
  bool put_proctitle(const interpret::Field& field);

  // Is `bytes`, as decoded from the field, spelled there as the kernel spells it?
  static bool is_usual_spelling(const interpret::Field& field, std::string_view bytes);

 private:
  JsonText& json_;
  std::string scratch_;
};

}  // namespace naudit::formats
