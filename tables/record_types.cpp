// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tables/record_types.hpp"

#include <array>
#include <charconv>

#include "tables/name_table.hpp"
#include "tables/perfect_hash.hpp"

namespace naudit::tables {
namespace {

constexpr NameRow kRows[] = {
#include "tables/generated/record_types.inc"
};
constexpr std::size_t kCount = std::size(kRows);
constexpr std::size_t kLongestName = 32;
constexpr std::uint16_t kFirst = 1000;  // below are the kernel's request types, which never are records
constexpr std::uint16_t kLast = kRows[kCount - 1].number;

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
constexpr char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

constexpr auto kLowerNames = [] {
  std::array<std::array<char, kLongestName>, kCount> names{};
  for (std::size_t i = 0; i < kCount; ++i)
    for (std::size_t j = 0; j < kRows[i].name.size(); ++j) names[i][j] = lower(kRows[i].name[j]);
  return names;
}();

// Row + 1 of each number; 0 is a gap.
constexpr auto kByNumber = [] {
  std::array<std::uint16_t, kLast - kFirst + 1> rows{};
  for (std::size_t i = 0; i < kCount; ++i) {
    if (i > 0 && kRows[i].number <= kRows[i - 1].number) throw "not sorted by number";
    rows[kRows[i].number - kFirst] = static_cast<std::uint16_t>(i + 1);
  }
  return rows;
}();

constexpr std::array<std::string_view, kCount + 1> names_after_none() {
  std::array<std::string_view, kCount + 1> names{};
  for (std::size_t i = 0; i < kCount; ++i) names[i + 1] = kRows[i].name;
  return names;
}
constexpr PerfectHash<kCount + 1, 8192> kHash(names_after_none());

std::size_t row_of(std::uint16_t type) noexcept {
  return type < kFirst || type > kLast ? 0 : kByNumber[static_cast<std::size_t>(type - kFirst)];
}

std::optional<std::uint16_t> decimal(std::string_view text) noexcept {
  std::uint16_t value = 0;
  const char* begin = text.data();
  const char* end = begin + text.size();
  const auto [stop, error] = std::from_chars(begin, end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

}  // namespace

std::string_view record_type_name(std::uint16_t type) noexcept {
  const std::size_t row = row_of(type);
  return row == 0 ? std::string_view{} : kRows[row - 1].name;
}

std::string_view record_type_key(std::uint16_t type) noexcept {
  const std::size_t row = row_of(type);
  if (row == 0) return {};
  return {kLowerNames[row - 1].data(), kRows[row - 1].name.size()};
}

std::optional<std::uint16_t> record_type(std::string_view name) noexcept {
  if (const std::uint16_t row = kHash.find(name)) return static_cast<std::uint16_t>(kRows[row - 1].number);
  if (name.empty() || name.size() > kLongestName) return std::nullopt;

  std::array<char, kLongestName> raised{};
  for (std::size_t i = 0; i < name.size(); ++i) raised[i] = upper(name[i]);
  const std::string_view upper_name(raised.data(), name.size());
  if (const std::uint16_t row = kHash.find(upper_name)) return static_cast<std::uint16_t>(kRows[row - 1].number);

  constexpr std::string_view kUnknown = "UNKNOWN[";
  if (upper_name.starts_with(kUnknown) && upper_name.ends_with(']'))
    return decimal(upper_name.substr(kUnknown.size(), upper_name.size() - kUnknown.size() - 1));
  return decimal(name);
}

std::string record_type_text(std::uint16_t type) {
  const std::string_view name = record_type_name(type);
  if (!name.empty()) return std::string(name);
  return "UNKNOWN[" + std::to_string(type) + ']';
}

}  // namespace naudit::tables
