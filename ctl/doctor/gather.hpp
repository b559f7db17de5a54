// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <string>

#include "ctl/doctor/facts.hpp"

namespace naudit::ctl {

struct Sources {
  std::string socket;                                           // nauditd's control socket; empty: the configuration's
  std::string config;                                           // nauditd.yaml; empty: nauditd's, or the usual one
  std::chrono::milliseconds interval{std::chrono::seconds{1}};  // between the two looks at what counts
};

// Looks at this machine, and changes nothing. Blocks: for the interval, and a few seconds for a daemon, a kernel or a
// systemd that does not answer. Never fails: what cannot be looked at is unknown, with the reason.
Facts gather(const Sources& sources);

// daemon.control_socket of the file, or the usual one.
std::string configured_socket(const std::string& config_path);

// The parts of it, each filling in its own members.
void gather_machine(Facts& facts);             // gather_machine.cpp: /proc, /sys, clocks
void gather_kernel(Facts& facts, bool first);  // gather_kernel.cpp: over the request socket
void gather_listeners(Facts& facts);           // gather_kernel.cpp: who listens, and nauditd's buffer
void gather_daemon(Facts& facts, bool first);  // gather_daemon.cpp: over the control socket
void gather_files(Facts& facts);               // gather_files.cpp: the configuration, disks, paths

}  // namespace naudit::ctl
