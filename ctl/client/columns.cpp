// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/client/columns.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace naudit::ctl {

std::string rough_size(std::uint64_t bytes) {
  constexpr std::array kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < kUnits.size(); ++unit) value /= 1024;
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, kUnits.at(unit));
}

std::size_t width_of(std::string_view shown) {
  return static_cast<std::size_t>(
      std::ranges::count_if(shown, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

std::vector<std::string> in_columns(const std::vector<std::vector<std::string>>& rows, std::size_t first_number) {
  std::vector<std::string> lines;
  if (rows.empty()) return lines;
  std::vector<std::size_t> widths(rows[0].size(), 0);
  for (const auto& row : rows)
    for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const std::string space(widths[i] - width_of(row[i]), ' ');
      if (i > 0) line += "  ";
      line += i < first_number ? row[i] + space : space + row[i];
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace naudit::ctl
