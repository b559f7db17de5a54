// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tables/errnos.hpp"

#include "tables/name_table.hpp"

namespace naudit::tables {
namespace {

constexpr NameRow kRows[] = {
#include "tables/generated/errnos.inc"
};
constexpr auto kTable = name_table<highest_number(kRows)>(kRows);

}  // namespace

std::string_view errno_name(int number) noexcept {
  return number < 0 ? std::string_view{} : kTable.names().name(static_cast<std::uint32_t>(number));
}

std::optional<int> errno_number(std::string_view name) noexcept {
  const auto number = kTable.names().number(name);
  if (!number) return std::nullopt;
  return static_cast<int>(*number);
}

}  // namespace naudit::tables
