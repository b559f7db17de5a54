// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace naudit::ctl {

// Tables for a person. All pure.

// "1.5 MiB"; base::size_text is exact and so gets long.
std::string rough_size(std::uint64_t bytes);
// How many characters a terminal shows of what base::shown() gave.
std::size_t width_of(std::string_view shown);
// Each row as one line, in columns as wide as their widest cell; from the column `first_number` on cells stand to the
// right. All rows have as many cells as the first.
std::vector<std::string> in_columns(const std::vector<std::vector<std::string>>& rows, std::size_t first_number);

}  // namespace naudit::ctl
