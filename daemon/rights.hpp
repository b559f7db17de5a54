// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include "config/config.hpp"

// What the process may do. Main thread, before other threads start: capabilities and the nice value are inherited by
// them.
namespace naudit::daemon {

// Throws StartError (kRights) that names the capability which the mode needs and we do not have.
void check_rights(config::KernelMode mode);
// Sets the nice value and the OOM score; a refusal is logged and survived (containers refuse both).
void set_priority(const config::Daemon& settings);
// Keeps CAP_AUDIT_CONTROL and CAP_AUDIT_READ, and nothing else.
void drop_privileges();

}  // namespace naudit::daemon
