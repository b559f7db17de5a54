// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "interpret/record/decoded_event.hpp"
#include "tables/fields.hpp"

namespace naudit::formats {

// What the text tokens of one BSM record call the fields of an event's records. A name that only one of them has stands
// as it is. One that several have stands so in the main record (the system call, else the first) and has its record's
// type before it in the others: "CWD.x"; where there are several of that type, with its number: "PATH[1].item". What a
// program said, and the kernel as well: "msg.uid". A name that we do not know is the main record's own, or has the
// type.
//
// Owner: BsmEncoder. Views are valid until the next call of set_record(), which may go over the records in any order.
class BsmFieldNames {
 public:
  void begin(const interpret::DecodedEvent& event);
  // Of which record in the event what is asked next.
  void set_record(std::size_t index);

  [[nodiscard]] std::size_t main() const noexcept { return main_; }
  // Whether no record before it has its type, as far as that is known.
  [[nodiscard]] bool is_first_of_type() const noexcept { return is_first_; }
  // The record's type, by its name: "SYSCALL", "UNKNOWN[1499]".
  [[nodiscard]] std::string_view type() const noexcept { return type_; }
  // What stands before the name of one of its fields, or of its claim's.
  [[nodiscard]] std::string_view prefix(tables::FieldId field, bool claim);

 private:
  static constexpr std::uint32_t kNobody = 0, kMany = 0xFFFFFFFF;
  static constexpr std::size_t kTypes = 4096;  // the kernel's and all that there are; higher ones have no numbers

  const interpret::DecodedEvent* event_ = nullptr;
  std::size_t main_ = 0, record_ = 0;
  std::array<std::uint32_t, tables::kFieldCount> owner_{};  // 1 + 2 * record, + 1 for its claim
  std::array<std::uint32_t, kTypes> counts_{};              // records of each type
  std::vector<std::uint16_t> counted_;                      // the types that have some
  std::vector<std::uint32_t> numbers_;                      // of each record within its type
  bool is_first_ = false;
  std::string_view type_;
  std::string unnamed_;                       // what type_ shows of a number without a name
  std::string kernel_prefix_, claim_prefix_;  // empty: not made for this record
};

}  // namespace naudit::formats
