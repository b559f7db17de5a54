// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <bitset>
#include <chrono>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/json/field.hpp"
#include "formats/json/keys.hpp"
#include "formats/json/repeat.hpp"
#include "formats/json/seen_names.hpp"
#include "formats/json/text.hpp"
#include "interpret/names/names.hpp"
#include "interpret/record/decoded_event.hpp"
#include "interpret/record/execve.hpp"

namespace naudit::formats {

// One record as the members of a JSON object: each field under its kernel name and with its JSON type, what it means
// beside it under the name plus a suffix.
//
// Owner: JsonEncoder. Every put_ says whether the record can be rebuilt byte for byte from what it wrote; the rules for
// that are those of reader.hpp, and a test proves that the two agree on real logs. Where they do not do, put() and
// put_execve() find out by the reader itself what has to be changed in what it makes, and add that as `edits`.
class JsonRecord {
 public:
  // `lifetime`: how long a name of this machine that was written may be written again without being looked up.
  JsonRecord(JsonText& json, interpret::Names& names, std::chrono::nanoseconds lifetime)
      : json_(json), names_(names), values_(json), meaning_(json, names), lifetime_(lifetime) {}

  // The object of one record, with a comma behind it. `body`: its text behind the header.
  bool put(const interpret::DecodedEvent& event, const interpret::DecodedRecord& record, std::string_view body);
  // All EXECVE records of the event as one object with one `argv`; `body` is that of the first.
  bool put_execve(const interpret::DecodedEvent& event, std::string_view body);

 private:
  bool put_fields(const interpret::DecodedEvent& event, const interpret::DecodedRecord& record,
                  std::span<const interpret::Field> fields, bool claim);
  bool put_field(const interpret::DecodedRecord& record, const interpret::Field& field);
  bool put_number(const interpret::Field& field, tables::FieldClass kind, bool with_meaning);
  bool put_value(const interpret::Field& field, tables::FieldClass kind, bool with_meaning);
  bool put_edits(std::uint16_t record_type, std::size_t start, std::string_view body);
  // What put_fields() does, from what a record before has left: all but the `changed`. False if that does not fit.
  bool put_repeated(const interpret::DecodedRecord& record, std::span<const interpret::Field> fields,
                    std::uint64_t changed, const JsonRepeat& last, bool& lossless);
  void put_enriched(const interpret::DecodedRecord& record);
  void put_redaction(const interpret::DecodedEvent& event);
  void put_places(std::string_view name, const std::vector<std::string>& places);
  bool put_avc(const interpret::Tokens& tokens);
  void put_words(std::string_view words);
  void put_key(const interpret::Field& field);
  bool is_new(const interpret::Field& field);
  void put_new_key(std::string_view name);
  [[nodiscard]] bool is_used(std::string_view name);
  [[nodiscard]] bool is_companion(std::string_view name) const;
  [[nodiscard]] bool is_user_name(std::string_view name) const;
  [[nodiscard]] bool has_companion(const interpret::Field& field) const;
  [[nodiscard]] bool is_written(std::string_view name) const;

  JsonText& json_;
  const interpret::Names& names_;
  JsonValues values_;
  JsonMeaning meaning_;
  const JsonKeys& known_ = json_keys();
  std::string scratch_;
  std::size_t worst_ = 0;  // what the record in hand can take at most, the meanings of long names apart
  std::chrono::nanoseconds lifetime_;
  JsonRepeats repeats_;
  std::bitset<tables::kFieldCount> seen_;
  std::size_t fields_ = 0;                    // of this object so far
  std::size_t object_ = 0;                    // where its fields begin
  bool is_first_ = true;                      // of its name, the last of them
  bool has_words_ = false, has_avc_ = false;  // whether it has these members of ours
  bool is_like_meaning_ = false;              // whether a field is called as a meaning might be
  bool is_ambiguous_ = false;                 // whether the reader would take the last one for what another means
  SeenNames seen_unknown_;
  std::deque<std::string> renamed_;  // what seen_unknown_ has of names that stood there before
  std::size_t last_number_ = 0;      // of a name that was changed
  std::string usual_;
  std::vector<std::string> edits_;
};

}  // namespace naudit::formats
