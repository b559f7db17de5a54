// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "tables/arch.hpp"

namespace naudit::ctl {

// What a0 to a3 of a rule mean to its system call, as `auditctl -l -i` tells it: names of flags, and of users and
// groups of this machine. Empty where the number says it all. Blocks as the name service does.
std::string argument_words(tables::ArchWord arch, std::uint32_t syscall, unsigned index,
                           std::span<const std::uint64_t, 4> arguments);

}  // namespace naudit::ctl
