// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "config/config.hpp"
#include "output/sink.hpp"

namespace naudit::daemon {

// What a client of the control socket may ask of the daemon. The daemon implements it and outlives the server; all of
// it is called on the main thread.
class ControlActions {
 public:
  ControlActions() = default;
  ControlActions(const ControlActions&) = delete;
  ControlActions& operator=(const ControlActions&) = delete;
  virtual ~ControlActions() = default;

  // The object of status_json.hpp.
  virtual std::string status_json() = 0;
  // The object of rule_stats.hpp. Throws base::Error when it cannot be told now.
  virtual std::string rule_stats_json() = 0;
  // Empty if the new configuration and rules are in use; else every problem, a line each, and the old ones stay.
  virtual std::optional<std::string> reload() = 0;
  // Every file sink starts a new file.
  virtual void rotate() = 0;
  // From now on the sink gets the events that pass the filter. Throws base::Error for a format or filter that cannot
  // be, and then the sink gets nothing and remove_tail() is not called.
  virtual void add_tail(std::shared_ptr<output::Sink> sink, std::string format, config::Filter filter) = 0;
  // When it returns, or soon after, the sink gets nothing more.
  virtual void remove_tail(const output::Sink* sink) = 0;
};

}  // namespace naudit::daemon
