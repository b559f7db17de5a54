// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "config/config.hpp"

// What this machine is called, and what it runs. Any thread.
namespace naudit::daemon {

std::string kernel_release();
// Whether a kernel with this command line keeps the records that it cannot send: `audit=1`, the last one counts
// (kernel/audit.c, audit_enable and kauditd_hold_skb). Pure.
bool keeps_unsent_records(std::string_view command_line);
std::string kernel_command_line();
// What `node:` asks for; empty for none. Waits as base::full_host_name() does, if that is asked for.
std::string node_name(const config::Node& node);

// That another process is this machine's audit daemon, and what to do about it.
std::string held_text(pid_t holder);

}  // namespace naudit::daemon
