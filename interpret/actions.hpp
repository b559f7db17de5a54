// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string_view>

#include "tables/arch.hpp"

namespace naudit::interpret {

inline constexpr std::string_view kUnknownAction = "triggered-audit-rule";

// The verb of a system call ("opened-file"); the call's own name where we have no verb for it. O(1), any thread.
std::string_view syscall_action(tables::ArchWord arch, std::uint32_t number) noexcept;
// The verb of a record that stands without a system call ("authenticated").
std::string_view record_action(std::uint16_t type) noexcept;

}  // namespace naudit::interpret
