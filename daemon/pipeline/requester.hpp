// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include "daemon/pipeline/daemon_event.hpp"

namespace naudit::daemon {

// Who a process is, from /proc (proc(5): loginuid, sessionid, attr/current); what cannot be read stays unknown. Any
// thread.
Requester requester_of(pid_t pid);
// The same for a process that was seen with this uid and that `process` (a pidfd, or -1) refers to: of one that has
// ended meanwhile, only pid and uid are known, since its number may be another's by now.
Requester requester_of(pid_t pid, uid_t uid, int process);
Requester ourselves();

}  // namespace naudit::daemon
