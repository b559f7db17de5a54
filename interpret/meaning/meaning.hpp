// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "interpret/form.hpp"
#include "interpret/names/names.hpp"
#include "interpret/record/decoded_event.hpp"
#include "interpret/record/enriched_names.hpp"
#include "interpret/record/told_meanings.hpp"
#include "tables/arch.hpp"
#include "tables/fields.hpp"

namespace naudit::interpret {

// What the fields of a record mean: users by their names, numbers by what they stand for, words of bits bit by bit,
// addresses, keystrokes. Every format that tells a meaning has it from here. What is known goes by a field's name and
// its record's type, never by the look of a value; a meaning that is not known is left out.
//
// Text that the kernel only spells in hexadecimal (names, paths, keys, proctitle) has its own reader,
// interpret::decoded(): that is the value, not what it means.
//
// Owner: an encoder, on its thread. Nothing is allocated in the steady state.
class Meaning {
 public:
  explicit Meaning(Names& names) : names_(names) {}

  // The record whose fields are asked for next. Event and record outlive that.
  void begin(const DecodedEvent& event, const DecodedRecord& record);

  // Appends what a field of that record means, spelled as ausearch -i spells it, and says which form it has. kNone, and
  // nothing appended, where the value says it all or its meaning is not known. `kind` is field_class() of the field.
  Form append(const Field& field, tables::FieldClass kind, std::string& out);
  Form append(const Field& field, std::string& out);
  // Whether the input says what a field of that record means; append() then gives that.
  bool is_told(const Field& field) noexcept { return !told_.empty() && told_.find(is_claimed(field), field.id); }
  // Whether a name that was appended since begin() is of the event as a whole, not of its record alone.
  [[nodiscard]] bool looked_elsewhere() const noexcept { return looked_elsewhere_; }

  // The arch of the record, else of the event's SYSCALL record: what byte order and system calls go by.
  [[nodiscard]] std::optional<tables::ArchWord> arch() const noexcept;

 private:
  Form append_id(const Field& field, NameId::Kind kind, std::string& out);
  Form append_syscall(const Field& field, std::string& out);
  void append_subcall(std::string_view call, std::string& out);
  Form append_argument(const Field& field, std::string& out);
  Form append_address(const Field& field, std::string& out);
  Form append_keys(const Field& field, std::string& out);
  Form append_time_status(const Field& field, std::string& out);
  void read_arguments();
  Form append_name_elsewhere(NameId id, std::string& out);
  [[nodiscard]] bool is_claimed(const Field& field) const noexcept;

  Names& names_;
  const DecodedEvent* event_ = nullptr;
  const DecodedRecord* record_ = nullptr;
  EnrichedNames enriched_;
  ToldMeanings told_;
  bool looked_elsewhere_ = false;
  bool has_arguments_ = false;  // whether arguments_ are those of record_
  std::array<std::uint64_t, 4> arguments_{};
  std::string scratch_;
};

}  // namespace naudit::interpret
