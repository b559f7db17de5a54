// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <optional>
#include <string>

namespace naudit::ctl {

// Why no nauditd answers, as far as this machine tells.
struct Absence {
  std::string holder;       // who is the audit daemon instead, "pid 812 (auditd)"; empty: nobody, or not known
  std::string unit_result;  // how nauditd.service has failed, "exit-code, status 6"; empty: it has not, or not known
};

// Asks the kernel, which tells root only, and systemd, where there is one. Never fails; takes a second or two at most.
Absence look_for_absence();

// What to say behind "nauditd is not running": what is in the way, and what to do. Pure.
std::string absence_text(const Absence& absence);

}  // namespace naudit::ctl
