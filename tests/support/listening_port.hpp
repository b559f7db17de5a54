// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace naudit::tests {

enum class Listening : std::uint8_t { kTcp, kUdp };

// A port that a process listens on, out of /proc, for one that was given 0 and tells nobody what that became; 0: none
// yet but `other`.
std::uint16_t listening_port(pid_t process, Listening on, std::uint16_t other = 0);

}  // namespace naudit::tests
