// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace naudit::tables {

// One row of a generated table. Rows are sorted by number; of several names of a number the first is the one to print.
struct NameRow {
  std::uint32_t number = 0;
  std::string_view name;
};

// What a lookup needs of a NameTable, whatever its size. Points to constant data.
class Names {
 public:
  constexpr Names() = default;
  constexpr Names(std::span<const NameRow> rows, std::span<const std::uint16_t> by_number,
                  std::span<const std::uint16_t> by_name)
      : rows_(rows), by_number_(by_number), by_name_(by_name) {}

  // Empty if unknown. By index.
  [[nodiscard]] constexpr std::string_view name(std::uint32_t number) const noexcept {
    if (number >= by_number_.size() || by_number_[number] == 0) return {};
    return rows_[by_number_[number] - std::size_t{1}].name;
  }

  // By binary search.
  [[nodiscard]] constexpr std::optional<std::uint32_t> number(std::string_view name) const noexcept {
    const auto less = [this](std::uint16_t row, std::string_view wanted) { return rows_[row].name < wanted; };
    const auto found = std::lower_bound(by_name_.begin(), by_name_.end(), name, less);
    if (found == by_name_.end() || rows_[*found].name != name) return std::nullopt;
    return rows_[*found].number;
  }

  [[nodiscard]] constexpr std::span<const NameRow> rows() const noexcept { return rows_; }

 private:
  std::span<const NameRow> rows_;
  std::span<const std::uint16_t> by_number_;  // row + 1; 0 is a gap
  std::span<const std::uint16_t> by_name_;    // rows in the order of their names
};

// For tables that are searched by number, and have one name a number.
template <std::size_t N>
constexpr bool strictly_sorted(const NameRow (&rows)[N]) {
  for (std::size_t i = 1; i < N; ++i)
    if (rows[i].number <= rows[i - 1].number) return false;
  return true;
}

constexpr std::size_t highest_number(std::span<const NameRow> rows) {
  return rows.back().number;
}

// The two indexes over N rows whose highest number is Max, made by the compiler. A table that is not sorted by number,
// or has a name twice, does not compile.
template <std::size_t N, std::size_t Max>
class NameTable {
 public:
  constexpr explicit NameTable(const NameRow (&rows)[N]) : rows_(rows) {
    for (std::size_t i = 0; i < N; ++i) {
      if (i > 0 && rows[i].number < rows[i - 1].number) throw "not sorted by number";
      std::uint16_t& slot = by_number_[rows[i].number];
      if (slot == 0) slot = static_cast<std::uint16_t>(i + 1);
      by_name_[i] = static_cast<std::uint16_t>(i);
    }
    std::sort(by_name_.begin(), by_name_.end(),
              [&](std::uint16_t a, std::uint16_t b) { return rows[a].name < rows[b].name; });
    for (std::size_t i = 1; i < N; ++i)
      if (rows[by_name_[i]].name == rows[by_name_[i - 1]].name) throw "a name stands twice";
  }

  [[nodiscard]] constexpr Names names() const noexcept { return {rows_, by_number_, by_name_}; }

 private:
  std::span<const NameRow> rows_;
  std::array<std::uint16_t, Max + 1> by_number_{};
  std::array<std::uint16_t, N> by_name_{};
};

// constexpr NameRow kRows[] = { … }; constexpr NameTable kTable = name_table<highest_number(kRows)>(kRows);
template <std::size_t Max, std::size_t N>
constexpr NameTable<N, Max> name_table(const NameRow (&rows)[N]) {
  return NameTable<N, Max>(rows);
}

}  // namespace naudit::tables
