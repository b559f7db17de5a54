// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string_view>

namespace naudit::ctl {

// Sends a signal to the registered audit daemon, by the words of auditctl's --signal: TERM or stop, HUP or reload,
// USR1 or rotate, USR2 or resume, CONT or state. Through a pidfd, so that no other process that got the number is hit;
// after `stop` it waits up to 30 s for the daemon's end. Prints what auditctl prints; auditctl's exit code.
int signal_daemon(std::uint32_t pid, std::string_view word);

}  // namespace naudit::ctl
