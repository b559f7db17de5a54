// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "config/config.hpp"
#include "daemon/pipeline/daemon_event.hpp"

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

}  // namespace naudit::daemon
