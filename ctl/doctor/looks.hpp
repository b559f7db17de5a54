// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "ctl/doctor/check.hpp"

// The functions of the rows in check.cpp. All pure.
namespace naudit::ctl {

// One word of a command that a person copies into a shell, whatever is in it.
std::string shell_word(std::string_view text);

// "11 min 42 s", "0.3 s"
std::string time_text(std::chrono::milliseconds time);

// looks_kernel.cpp: the kernel's state, and how it was booted.
Outcome look_at_auditing(const Facts& facts);
Outcome look_at_failure(const Facts& facts);
Outcome look_at_rate_limit(const Facts& facts);
Outcome look_at_backlog(const Facts& facts);
Outcome look_at_lost(const Facts& facts);
Outcome look_at_stall(const Facts& facts);
Outcome look_at_lock(const Facts& facts);
Outcome look_at_boot_audit(const Facts& facts);
Outcome look_at_boot_backlog(const Facts& facts);

// looks_machine.cpp: who else is there, and where we are.
Outcome look_at_owner(const Facts& facts);
Outcome look_at_journald(const Facts& facts);
Outcome look_at_listeners(const Facts& facts);
Outcome look_at_namespaces(const Facts& facts);
Outcome look_at_container(const Facts& facts);
Outcome look_at_login_id(const Facts& facts);
Outcome look_at_clock(const Facts& facts);

// looks_rules.cpp: the rules in the kernel, and what they bring.
Outcome look_at_never_task(const Facts& facts);
Outcome look_at_no_rules(const Facts& facts);
Outcome look_at_arch(const Facts& facts);
Outcome look_at_missing_rules(const Facts& facts);
Outcome look_at_noisy_key(const Facts& facts);

// looks_daemon.cpp: nauditd, its configuration, its sinks and disks.
Outcome look_at_daemon(const Facts& facts);
Outcome look_at_config(const Facts& facts);
Outcome look_at_receive_buffer(const Facts& facts);
Outcome look_at_gaps(const Facts& facts);
Outcome look_at_sinks(const Facts& facts);
Outcome look_at_disk(const Facts& facts);
Outcome look_at_paths(const Facts& facts);

}  // namespace naudit::ctl
