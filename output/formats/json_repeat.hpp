// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "interpret/tokens.hpp"

namespace naudit::output {

// A record as it was written last, field by field. Audit events come in runs from one process: most fields of a record
// stand there just as in the one before, and their JSON can be copied. It is a cache and nothing else: what is written
// is the same with and without it (a test compares).
//
// One of these for each of a few frequent record types. Owner: JsonRecord; one thread.
class JsonRepeat {
 public:
  using Time = std::chrono::steady_clock::time_point;
  struct Entry {
    std::uint32_t name = 0, value = 0, end = 0;  // in text_: where the name, the value and its end are
    std::uint32_t json = 0;                      // in json_: where its members end, comma included
    interpret::Spelling spelling = interpret::Spelling::kBare;
    bool is_first = true;  // of its name in the record
    bool lossless = true;
  };

  // The names of users may change: what was written a second ago, or with other names in the enriched tail, is not used
  // any more.
  [[nodiscard]] bool is_usable(std::size_t fields, std::string_view names, Time now) const noexcept;
  [[nodiscard]] bool has_name(std::size_t index, const interpret::Field& field) const noexcept;
  [[nodiscard]] bool has_value(std::size_t index, const interpret::Field& field) const noexcept;
  [[nodiscard]] const Entry& operator[](std::size_t index) const noexcept { return entries_[index]; }
  // The members of the fields [first, last).
  [[nodiscard]] std::string_view json(std::size_t first, std::size_t last) const noexcept;

  // Remembers a record anew: begin(), then each field with where its members ended, then end() with all of them.
  void begin(std::string_view names, Time now);
  void add(const interpret::Field& field, bool is_first, bool lossless, std::size_t json_end);
  void end(std::string_view json) { json_.assign(json); }

 private:
  std::string text_;   // names and values, one behind the other
  std::string names_;  // that the record's enriched tail gave to users and groups
  std::vector<Entry> entries_;
  std::string json_;
  Time made_{};
};

}  // namespace naudit::output
