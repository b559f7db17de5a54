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
// Gives up all capabilities but these, as far as we have them: CAP_AUDIT_CONTROL, CAP_AUDIT_READ and, where rules are
// loaded, CAP_DAC_READ_SEARCH. The last one because the kernel looks the path of a rule up with the rights of who loads
// it (kernel/audit_watch.c, kernel/audit_tree.c), so that without it a closed folder of a user (0700) could not be
// watched. Throws StartError (kRights) if it cannot be done.
void drop_privileges(bool loads_rules);

// What nobody needs of this process, for good: it gets no rights by starting a program (no_new_privs), leaves no core
// on a disk (what it holds are keystrokes, keys and tokens), and nobody without CAP_SYS_PTRACE looks into it. Throws
// StartError (kRights).
void harden_process();

}  // namespace naudit::daemon
