// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <string>

// Who a process is, for messages about the registration. Reads /proc.
namespace naudit::netlink {

// False for a process that has exited, whether or not its parent has noticed.
bool is_alive(pid_t pid);

// "pid 812 (auditd)"; "pid 812" when its name cannot be read. Unprintable bytes of the name become '?'.
std::string describe_process(pid_t pid);

}  // namespace naudit::netlink
