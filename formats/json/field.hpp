// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "formats/json/keys.hpp"
#include "formats/json/text.hpp"
#include "interpret/meaning/meaning.hpp"
#include "interpret/names/names.hpp"
#include "interpret/record/decoded_event.hpp"
#include "tables/fields.hpp"

namespace naudit::formats {

// Single values of fields as JSON, without a comma. Each says whether the value comes back byte for byte by the rules
// of reader.hpp. Owner: JsonRecord, which has reserved the room. One thread.
class JsonValues {
 public:
  explicit JsonValues(JsonText& json) : json_(json) {}

  // Is the value one that put_number() can write?
  static bool fits_number(const interpret::Field& field) noexcept;
  // A number, or null.
  bool put_number(const interpret::Field& field);
  // A word, or null.
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

// What a field means, beside it under its name plus a suffix: ,"auid_name":"jo" and the like; nothing where there is
// nothing to say. Owner: JsonRecord. One thread.
class JsonMeaning {
 public:
  JsonMeaning(JsonText& json, interpret::Names& names) : json_(json), meaning_(names) {}

  // The record whose fields come next.
  void begin(const interpret::DecodedEvent& event, const interpret::DecodedRecord& record) {
    meaning_.begin(event, record);
  }
  // Whether a name that was written since begin() is of the event as a whole.
  [[nodiscard]] bool looked_elsewhere() const noexcept { return meaning_.looked_elsewhere(); }
  // `room`: what must stay reserved for the rest of the record; a meaning reserves more on top of it.
  void put(const interpret::Field& field, tables::FieldClass kind, std::size_t room);

 private:
  void put_key(std::string_view name, std::string_view suffix);
  void put_list(const interpret::Field& field, tables::FieldClass kind);
  void put_sockaddr(const interpret::Field& field, std::size_t room);

  JsonText& json_;
  interpret::Meaning meaning_;
  const JsonKeys& known_ = json_keys();
  std::string text_;
};

}  // namespace naudit::formats
