// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include "daemon/pipeline/daemon_event.hpp"

namespace naudit::daemon {

// Who a process is, from /proc (proc(5): loginuid, sessionid, attr/current); what cannot be read stays unknown. Any
// thread.
Requester requester_of(pid_t pid);
Requester ourselves();

}  // namespace naudit::daemon
