// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "correlate/event.hpp"
#include "interpret/record/event_names.hpp"
#include "interpret/record/execve.hpp"
#include "interpret/record/token_repeat.hpp"
#include "interpret/record/tokens.hpp"
#include "tables/arch.hpp"

namespace naudit::interpret {

struct DecodedRecord {
  std::uint16_t type = 0;
  std::string_view text;       // "audit(…): body"
  std::string_view type_name;  // as a stored log spelled it, where that is not the usual name
  std::string_view told;       // what the input says that its fields mean (told_meanings.hpp)
  Tokens tokens;

  // Is this a view of the record? The name of a field may be the table's, where it was spelled in an older way.
  [[nodiscard]] bool holds(std::string_view part) const noexcept {
    constexpr std::less_equal<> is_up_to;
    return is_up_to(text.data(), part.data()) && is_up_to(part.data() + part.size(), text.data() + text.size());
  }
};

// An event with its records taken apart, once, for all encoders and filters.
//
// Owner: the encode thread (or a converter), which reuses one object for all events: in the steady state nothing is
// allocated. All views point into the correlate::Event, which must outlive the use. Not thread-safe.
class DecodedEvent {
 public:
  // Takes `event` apart; what was decoded before is forgotten.
  void decode(const correlate::Event& event);
  // Only source() is of use afterwards.
  void refer_to(const correlate::Event& event);

  [[nodiscard]] const correlate::Event& source() const noexcept { return *source_; }
  [[nodiscard]] std::span<const DecodedRecord> records() const noexcept { return records_; }
  [[nodiscard]] std::span<const Field> fields(const DecodedRecord& record) const noexcept {
    return std::span(fields_).subspan(record.tokens.first, record.tokens.count);
  }
  [[nodiscard]] std::span<const Field> claim(const DecodedRecord& record) const noexcept {
    return std::span(fields_).subspan(record.tokens.claim_first, record.tokens.claim_count);
  }
  // The first record of this type, or null.
  [[nodiscard]] const DecodedRecord* find(std::uint16_t type) const noexcept;
  // The value of a field, or null. The kernel's own fields only, never a claim.
  [[nodiscard]] const Field* find(const DecodedRecord& record, tables::FieldId id) const noexcept;
  [[nodiscard]] const Field* find_claim(const DecodedRecord& record, tables::FieldId id) const noexcept;

  // Of the SYSCALL record; empty where there is none.
  [[nodiscard]] std::optional<tables::ArchWord> arch() const noexcept { return arch_; }
  [[nodiscard]] std::optional<std::uint32_t> syscall() const noexcept { return syscall_; }
  // res= of the first record that stands for itself (an AVC, a change of the configuration), else success= of SYSCALL,
  // else res= of any record; empty where none stands that can be read.
  [[nodiscard]] std::optional<bool> success() const noexcept { return success_; }
  // The arguments of all EXECVE records together; none where there is no such record.
  [[nodiscard]] const Execve& execve() const noexcept { return execve_; }
  // Why the event is not known to be whole: what its source says, else what its records show.
  [[nodiscard]] correlate::Incomplete incomplete() const noexcept { return incomplete_; }
  // Whether names of users and groups stand in the input, and which.
  [[nodiscard]] bool tells_names() const noexcept { return tells_names_; }
  [[nodiscard]] const EventNames& names() const;
  // The rule keys, still as one value (several are joined by 0x01); empty where there are none.
  [[nodiscard]] const Field* key() const noexcept { return key_; }

 private:
  // Where each field stands first, of a record that has so many that looking through them for each would take long.
  struct Index {
    std::uint32_t first = 0, count = 0;  // of which fields_; none: of nothing
    std::array<std::uint32_t, tables::kFieldCount> at{};
  };
  [[nodiscard]] const Field* find(std::uint32_t first, std::uint32_t count, tables::FieldId id) const noexcept;
  [[nodiscard]] const Field* find_in_many(std::uint32_t first, std::uint32_t count, tables::FieldId id) const noexcept;
  void read_syscall(const DecodedRecord& record);
  void drop_commas(DecodedRecord& record) noexcept;
  [[nodiscard]] std::optional<bool> read_result(const DecodedRecord& record) const noexcept;

  const correlate::Event* source_ = nullptr;
  std::vector<DecodedRecord> records_;
  std::vector<Field> fields_;
  TokenRepeats repeats_;
  mutable Index index_;
  mutable EventNames names_;
  mutable bool has_names_ = false;  // whether names_ are those of this event
  bool tells_names_ = false;
  Execve execve_;
  correlate::Incomplete incomplete_ = correlate::Incomplete::kNo;
  std::optional<tables::ArchWord> arch_;
  std::optional<std::uint32_t> syscall_;
  std::optional<bool> success_;
  const Field* key_ = nullptr;
};

// What a result says: true for yes, success, 1 and the like, false for no, failed, 0; nothing for any other word, for
// what nobody can read is neither. Pure.
std::optional<bool> parse_result(std::string_view text) noexcept;
// "1000" -> 1000; false for anything else than decimal digits that fit. Pure.
bool parse_decimal(std::string_view text, std::uint32_t& out) noexcept;
// "c000003e" -> a number; false for anything else than at most 16 hexadecimal digits. Pure.
bool parse_hex(std::string_view text, std::uint64_t& out) noexcept;

}  // namespace naudit::interpret
