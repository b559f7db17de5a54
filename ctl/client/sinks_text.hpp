// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <rapidjson/document.h>

#include "base/style.hpp"
#include "ctl/client/status_text.hpp"

namespace naudit::ctl {

// The sinks of a status (docs/control-socket.md) as a table for a person: what waits, what was sent, what is lost, and
// below a sink's line its last error. A line of a sink that is not in order, or has lost something, starts with '!'.
// Pure.
StatusReport sinks_report(const rapidjson::Value& sinks, const base::Layout& layout);

// Of one sink: it works, and has lost nothing.
bool is_in_order(const rapidjson::Value& sink);
// What waits: "12, 3.4 KiB, 5 s"; "0" for nothing.
std::string waiting_text(const rapidjson::Value& sink);

}  // namespace naudit::ctl
