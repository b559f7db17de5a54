// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tables/socket_families.hpp"

#include "tables/name_table.hpp"

namespace naudit::tables {
namespace {

constexpr NameRow kRows[] = {
#include "tables/generated/socket_families.inc"
};
constexpr auto kTable = name_table<highest_number(kRows)>(kRows);

}  // namespace

std::string_view socket_family_name(std::uint32_t family) noexcept {
  return kTable.names().name(family);
}

std::optional<std::uint32_t> socket_family(std::string_view name) noexcept {
  return kTable.names().number(name);
}

}  // namespace naudit::tables
