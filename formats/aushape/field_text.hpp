// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>

#include "formats/aushape/writer.hpp"
#include "interpret/meaning/meaning.hpp"
#include "interpret/record/decoded_event.hpp"

namespace naudit::formats {

// A field in aushape's form: what its value means, as `ausearch -i` spells it, and how it stood in the record.
//
// Owner: an encoder, on its thread. What show() returns is valid until the next call.
class AushapeFieldText {
 public:
  AushapeFieldText(interpret::Names& names, const AushapeWriter& writer) : meaning_(names), writer_(writer) {}

  struct Shown {
    std::string_view value;
    std::string_view raw = {};
    bool has_raw = false;
  };

  // The record whose fields are asked for next.
  void begin(const interpret::DecodedEvent& event, const interpret::DecodedRecord& record) {
    meaning_.begin(event, record);
    type_ = record.type;
  }
  Shown show(const interpret::Field& field);

 private:
  Shown show_encoded(const interpret::Field& field, tables::FieldClass kind);
  [[nodiscard]] Shown shown(std::string_view value, const interpret::Field& field) const noexcept {
    return {value, field.value, value != field.value};
  }

  interpret::Meaning meaning_;
  const AushapeWriter& writer_;
  std::uint16_t type_ = 0;
  std::string text_, bytes_;
};

// name=value as it stood in the record.
void append_raw_field(const interpret::Field& field, std::string& out);

}  // namespace naudit::formats
