// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <optional>
#include <string_view>

namespace naudit::tables {

// "EACCES" for 13 (positive numbers); empty if unknown. Covers 512-530 too, which only the kernel uses (ERESTARTSYS …).
std::string_view errno_name(int number) noexcept;
std::optional<int> errno_number(std::string_view name) noexcept;

}  // namespace naudit::tables
