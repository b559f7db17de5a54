// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "formats/json/text.hpp"
#include "formats/laurel/options.hpp"
#include "interpret/meaning/meaning.hpp"
#include "interpret/record/decoded_event.hpp"

namespace naudit::formats {

// The members of one object of laurel's JSON: the fields of a record in their order, each key once. A name that stands
// there again is called NAME_2, NAME_3 …, where laurel writes the key twice.
//
// Owner: LaurelEncoder; one thread. Nothing is allocated for a record in the steady state.
class LaurelMembers {
 public:
  LaurelMembers(JsonText& json, interpret::Names& names, const LaurelOptions& options)
      : json_(json), names_(names), meaning_(names), options_(options) {}

  // '{'; the members that follow are those of a new object.
  void begin();
  // The fields of a record. What its type has a way of its own for (the arguments of SYSCALL and EXECVE, the command
  // line) is left to the encoder.
  void put_fields(const interpret::DecodedEvent& event, const interpret::DecodedRecord& record);
  // The names of what put_fields() wrote, which stand behind everything else.
  void put_names();
  // '}', with the comma behind it.
  void end();

  // "name":
  void key(std::string_view name) { put_key(name, 0); }
  void text(std::string_view text) { put_laurel(text); }
  // a0 to a3 of the SYSCALL records since begin().
  [[nodiscard]] const std::vector<const interpret::Field*>& arguments() const noexcept { return arguments_; }
  // The value of a hexadecimal field: "0x…".
  void put_hexadecimal(const interpret::Field& field);

 private:
  using Field = interpret::Field;
  using Record = interpret::DecodedRecord;

  // A record as it was written last, at one of the places of interpret::TokenRepeats. A cache and nothing else.
  struct Kept {
    std::uint64_t base = 0, changed = 0;  // as Tokens has them; 0: nothing is kept
    std::uint64_t arguments = 0;          // a bit for each field that arguments() has
    std::uint16_t type = 0;
    std::vector<std::uint32_t> ends;  // in `json`: where the members of each field end
    std::string json;
    std::string enriched, enriched_json;
  };

  [[nodiscard]] bool may_repeat(const Record& record) const noexcept;
  void put_alike(const interpret::DecodedEvent& event, const Record& record);
  void put_kept(std::span<const Field> fields, const Record& record, const Kept& kept);
  void put_and_keep(std::span<const Field> fields, const Record& record, Kept& kept);
  void put_enriched(const Record& record, Kept& kept);
  void put_field(const Record& record, const Field& field);
  void put_value(const Record& record, const Field& field, std::string_view value);
  bool put_number(const Field& field, std::string_view value);
  bool put_digits(std::string_view digits, unsigned base, std::string_view prefix);
  void put_claim(const Record& record);
  void put_enriched(const Record& record);
  void put_avc(const interpret::Tokens& tokens);
  // True if the field's own value is not to be written.
  bool translate(const Record& record, const Field& field);
  bool translate_id(const Record& record, const Field& field);
  bool put_address(const Field& field);
  [[nodiscard]] bool is_translated(const Record& record, std::string_view name) const noexcept;
  [[nodiscard]] std::string_view with_mode(const Record& record, const Field& field) const noexcept;
  void put_key(std::string_view name, tables::FieldId id);
  bool use(std::string_view name, tables::FieldId id);
  void put_laurel(std::string_view text);

  struct Translation {
    tables::FieldId field = 0;
    std::size_t begin = 0, size = 0;  // in told_
  };

  JsonText& json_;
  interpret::Names& names_;
  interpret::Meaning meaning_;
  const LaurelOptions& options_;
  const interpret::DecodedEvent* event_ = nullptr;
  bool is_new_ = true;      // nothing was put into the object
  std::vector<Kept> kept_;  // made with the first that is worth it
  std::vector<const Field*> arguments_;
  std::vector<Translation> translations_;  // those of ARCH and SYSCALL stand last
  std::string told_;

  static constexpr std::size_t kFew = 32;
  std::bitset<tables::kFieldCount> seen_;            // the names that we know
  std::vector<std::string_view> others_;             // the first of the others
  std::unordered_set<std::string> more_;             // and all further ones
  std::unordered_map<std::string, unsigned> again_;  // how often a name stood there that came again
  std::string scratch_, value_, name_;
};

}  // namespace naudit::formats
