// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "config/config.hpp"
#include "daemon/daemon_event.hpp"

namespace naudit::daemon {

// What concerns the process itself. All for the main thread, and, but for the look-ups, before other threads start:
// capabilities and the nice value are inherited by them.

// Throws StartError (kRights) that names the capability which the mode needs and we do not have.
void check_rights(config::KernelMode mode);
// Sets the nice value and the OOM score; a refusal is logged and survived (containers refuse both).
void set_priority(const config::Daemon& settings);
// Keeps CAP_AUDIT_CONTROL and CAP_AUDIT_READ, and nothing else.
void drop_privileges();

// Who a process is, from /proc; what cannot be read stays unknown.
Requester requester_of(pid_t pid);
Requester ourselves();
std::string kernel_release();
std::string hostname();
// The canonical name by the resolver, or the plain host name.
std::string fully_qualified_hostname();
// What `node:` asks for; empty for none.
std::string node_name(const config::Node& node);

// backlog_wait_time is in the kernel's jiffies, whose length user space can only see as the resolution of the coarse
// clocks (kernel/time/posix-timers.c: KTIME_LOW_RES is one tick).
std::uint32_t to_jiffies(std::chrono::milliseconds time);
std::chrono::milliseconds from_jiffies(std::uint32_t jiffies);

}  // namespace naudit::daemon
