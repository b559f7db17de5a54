// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include "rules/rule/rule.hpp"

namespace naudit::rules {

// What a rule costs on a busy server, by order of magnitude, before it is loaded. It is an estimate from a table of how
// often system calls are made (cost.cpp) and from how much each condition narrows that; docs/rules.md, "Cost", says
// how. `nauditctl rules stats` tells what really comes.
struct Cost {
  double hooked = 0;  // the share of all system calls for which the kernel looks at the rule's conditions, 0 to 1
  double events = 0;  // a second
};

// Of rules on the exit list; others cost nothing here. Pure.
Cost estimate(const Rule& rule);

// "hundreds of events a second", "some events an hour"
std::string events_text(double events_per_second);
// "38 %", "0.2 %"
std::string share_text(double share);

}  // namespace naudit::rules
