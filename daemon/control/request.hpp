// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "config/config.hpp"

namespace naudit::daemon {

enum class ControlCommand : std::uint8_t { kStatus, kReload, kRotate, kTail, kRuleStats };

// One line from a client of the control socket (docs/control-socket.md) as a value. All members but `command` are for
// kTail.
struct ControlRequest {
  ControlCommand command = ControlCommand::kStatus;
  std::string format = "line";
  config::Filter filter;
  std::uint64_t count = 0;  // ends after so many events; 0 = never
};

// Strict: what is not known, given twice, or of the wrong kind is an error, whose text is fit for a person. Pure. The
// names in a filter are checked later, by output::Filter.
tl::expected<ControlRequest, std::string> parse_control_request(std::string_view line);

}  // namespace naudit::daemon
