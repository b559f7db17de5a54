// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "interpret/record/tokens.hpp"
#include "tables/fields.hpp"

namespace naudit::formats {

// A record as it was written last, field by field. Audit events come in runs from one process: most fields of a record
// stand there just as in the one before, and their JSON can be copied. It is a cache and nothing else: what is written
// is the same with and without it (a test compares).
//
// Owner: JsonRepeats; one thread.
class JsonRepeat {
 public:
  using Time = std::chrono::steady_clock::time_point;
  struct Entry {
    std::uint32_t name = 0, value = 0, end = 0;  // in text_: where the name, the value and its end are
    std::uint32_t json = 0;                      // in json_: where its members end, comma included
    tables::FieldId id = 0;
    interpret::Spelling spelling = interpret::Spelling::kBare;
    bool is_first = true;  // of its name in the record
    bool lossless = true;
  };

  // Where the names of users and groups come from.
  struct Names {
    std::string_view beside;  // what the input tells beside the record
    bool in_event = false;    // it may tell names elsewhere
    bool of_machine = false;  // this machine may be asked
  };

  // What was written with names from elsewhere, or `lifetime` ago, is not used any more.
  [[nodiscard]] bool is_usable(std::size_t fields, const Names& names, Time now,
                               std::chrono::nanoseconds lifetime) const noexcept;
  [[nodiscard]] bool has_name(std::size_t index, const interpret::Field& field) const noexcept {
    const Entry& entry = entries_[index];
    return field.id == entry.id && (field.id != 0 || is_same(field.name, entry.name, entry.value));
  }
  [[nodiscard]] bool has_value(std::size_t index, const interpret::Field& field) const noexcept {
    const Entry& entry = entries_[index];
    return field.spelling == entry.spelling && is_same(field.value, entry.value, entry.end);
  }
  [[nodiscard]] const Entry& operator[](std::size_t index) const noexcept { return entries_[index]; }
  // The members of the fields [first, last).
  [[nodiscard]] std::string_view json(std::size_t first, std::size_t last) const noexcept;

  // Remembers a record anew: begin(), then each field with where its members ended, then end() with all of them.
  void begin(const Names& names, Time now);
  void add(const interpret::Field& field, bool is_first, bool lossless, std::size_t json_end);
  void end(std::string_view json) { json_.assign(json); }
  // The record in hand is none to be repeated.
  void forget() { entries_.clear(); }

  // The whole enriched tail as it was written last, with its quotes; empty if that was another one.
  [[nodiscard]] std::string_view tail_json(std::string_view tail) const noexcept {
    return tail == tail_ ? std::string_view(tail_json_) : std::string_view();
  }
  void set_tail(std::string_view tail, std::string_view json) {
    tail_ = tail;
    tail_json_ = json;
  }

 private:
  [[nodiscard]] bool is_same(std::string_view part, std::uint32_t begin, std::uint32_t end) const noexcept;

  std::string text_;    // names and values, one behind the other
  std::string beside_;  // Names of the record
  bool in_event_ = false, of_machine_ = false;
  std::vector<Entry> entries_;
  std::string json_;
  std::string tail_, tail_json_;
  Time made_{};
};

// The repeats of some processes, since those take turns: of each the record types that come most often.
class JsonRepeats {
 public:
  // The process that the next records are of, as its pid stands in them.
  void choose(std::string_view pid) noexcept;
  // Null for a type that is not worth it. `claim`: the program's part of a record from user space.
  JsonRepeat* of(std::uint16_t record_type, bool claim);

 private:
  struct Process {
    std::array<JsonRepeat, 6> last;
    std::uint16_t user_type = 0;  // of the last two
  };
  static constexpr std::size_t kProcesses = 64;

  std::vector<Process> processes_ = std::vector<Process>(kProcesses);
  Process* process_ = processes_.data();
};

// Most values are shorter than a call of memcmp is worth.
inline bool JsonRepeat::is_same(std::string_view part, std::uint32_t begin, std::uint32_t end) const noexcept {
  const std::size_t size = part.size();
  if (size != end - begin) return false;
  const char* const a = part.data();
  const char* const b = text_.data() + begin;
  const auto same_ends = [&]<typename Word>(Word) {
    Word words[4];
    std::memcpy(&words[0], a, sizeof(Word));
    std::memcpy(&words[1], b, sizeof(Word));
    std::memcpy(&words[2], a + size - sizeof(Word), sizeof(Word));
    std::memcpy(&words[3], b + size - sizeof(Word), sizeof(Word));
    return words[0] == words[1] && words[2] == words[3];
  };
  if (size > 16) return std::memcmp(a, b, size) == 0;
  if (size >= 8) return same_ends(std::uint64_t{});
  if (size >= 4) return same_ends(std::uint32_t{});
  return size == 0 || (a[0] == b[0] && a[size / 2] == b[size / 2] && a[size - 1] == b[size - 1]);
}

}  // namespace naudit::formats
