// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include <rapidjson/document.h>

#include "base/style.hpp"

namespace naudit::ctl {

struct StatusReport {
  std::string text;
  bool is_well = true;  // nothing lost, every sink and the registration in order
};

// The daemon's status (docs/control-socket.md) as a table for a person. A line about something that is wrong starts
// with '!', in red if the layout has colour; lines but those of the table of sinks are broken at its width. What a
// daemon of another version does not say is left out or shown as 0; numbers that this program does not know are shown
// under their names. Which counters should be 0 the daemon says. Pure.
StatusReport status_report(const rapidjson::Value& status, const base::Layout& layout);

}  // namespace naudit::ctl
