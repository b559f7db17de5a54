// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace naudit::tables {

// "inet" for AF_INET, "local" for AF_UNIX; empty if unknown. Constant data.
std::string_view socket_family_name(std::uint32_t family) noexcept;
std::optional<std::uint32_t> socket_family(std::string_view name) noexcept;

}  // namespace naudit::tables
