// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "config/config.hpp"
#include "daemon/control/actions.hpp"

namespace naudit::daemon {

// A command of the control socket. Its row is all that the parser, the session and the table in docs/control-socket.md
// (checked by a test) know of it.
struct ControlCommand {
  std::string_view name;
  std::span<const std::string_view> arguments;  // members that a request may have besides "command"
  void (ControlActions::*act)(const Peer& who,
                              Reply) = nullptr;  // null: the answer is a stream, which the session starts
  std::string_view help;
};

// All of them; lives as long as the process.
std::span<const ControlCommand> control_commands() noexcept;

// One line from a client of the control socket (docs/control-socket.md) as a value. All members but `command` are for
// `tail`.
struct ControlRequest {
  const ControlCommand* command = nullptr;  // a row of control_commands()
  std::string format = "line";
  config::Filter filter;
  std::uint64_t count = 0;  // ends after so many events; 0 = never
};

// Strict: what is not known, given twice, or of the wrong kind is an error, whose text is fit for a person. Pure. The
// names in a filter are checked later, by output::Filter.
tl::expected<ControlRequest, std::string> parse_control_request(std::string_view line);

}  // namespace naudit::daemon
