// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "config/loader.hpp"
#include "netlink/request_socket.hpp"
#include "rules/rule/rule_set.hpp"

namespace naudit::daemon {

// What the kernel's audit settings shall be, in the kernel's units; what is empty stays as it is.
struct KernelSettings {
  netlink::StatusChange values;
  bool loginuid_immutable = false;
};

// `kernel:` of nauditd.yaml, without the defaults of what the rule files set.
//
// A setting has one value: what nauditd.yaml names counts, then what a rule file says (-b, -f, -r, -e,
// --backlog_wait_time, or `kernel:` in YAML), then the default. `set` is made to agree, so that nothing is set twice,
// and has a note for what of it is of no effect. `-e 2` is no value but the lock: it is left to the set, which locks
// when all else is in place. Pure.
KernelSettings kernel_settings(const config::Loaded& loaded, rules::RuleSet& set);
// The same where there are no rule files.
KernelSettings kernel_settings(const config::Loaded& loaded);

// Brings the kernel's audit settings to these, and changes only what differs: each change is a record in everybody's
// log. Kernel thread.
//
// Before the registration, so that a burst at start finds the larger backlog; `enabled` last, after it
// (enable_auditing()). What cannot be done is a line of text each, ready to be told: with enabled 2 the kernel keeps
// its settings until a reboot.
struct SettingsReport {
  std::vector<std::string> problems;
  std::string warning;  // of a setting that is dangerous, and not ours; empty if there is none
};
SettingsReport apply_settings(netlink::RequestSocket& requests, const KernelSettings& wanted);
// The same, of a daemon that is registered: all of it.
SettingsReport bring_settings(netlink::RequestSocket& requests, const KernelSettings& wanted);
std::vector<std::string> enable_auditing(netlink::RequestSocket& requests, const KernelSettings& wanted);

}  // namespace naudit::daemon
