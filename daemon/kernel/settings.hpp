// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "netlink/request_socket.hpp"

namespace naudit::daemon {

// Brings the kernel's audit settings to what `kernel:` says, and changes only what differs. Kernel thread.
//
// Before the registration, so that a burst at start finds the larger backlog; `enabled` last, after it
// (enable_auditing()). What cannot be done is a line of text each, ready to be told: with enabled 2 the kernel keeps
// its settings until a reboot.
std::vector<std::string> apply_settings(netlink::RequestSocket& requests, const config::Kernel& wanted);
std::vector<std::string> enable_auditing(netlink::RequestSocket& requests, const config::Kernel& wanted);

}  // namespace naudit::daemon
