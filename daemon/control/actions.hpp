// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "config/config.hpp"
#include "daemon/control/peer.hpp"
#include "output/sink.hpp"

namespace naudit::daemon {

// What came of a request: the JSON object that answers it, or nothing if there is none to give; or else why not, as
// text for a person, a line each.
using Outcome = tl::expected<std::string, std::string>;
// Takes the outcome, once, on the main thread: at once, or later.
using Reply = std::function<void(Outcome)>;

// What a client of the control socket, `who`, may ask of the daemon. The daemon implements it and outlives the server;
// all of it is called on the main thread, and none of it waits for another thread.
class ControlActions {
 public:
  ControlActions() = default;
  ControlActions(const ControlActions&) = delete;
  ControlActions& operator=(const ControlActions&) = delete;
  virtual ~ControlActions() = default;

  // The object of status_json.hpp, within a little more than a second.
  virtual void status(const Peer& who, Reply reply) = 0;
  // A JSON string: the text of metrics/metrics.hpp. In the same time.
  virtual void metrics(const Peer& who, Reply reply) = 0;
  // The object of rule_stats.hpp.
  virtual void rule_stats(const Peer& who, Reply reply) = 0;
  // Well if the new configuration and rules are in use; else every problem, and what is in use instead.
  virtual void reload(const Peer& who, Reply reply) = 0;
  // Every file sink starts a new file.
  virtual void rotate(const Peer& who, Reply reply) = 0;
  // From now on the sink gets the events that pass the filter. Not for a format or filter that cannot be: then the sink
  // gets nothing, and remove_tail() is not called.
  virtual void add_tail(const Peer& who, std::shared_ptr<output::Sink> sink, std::string format, config::Filter filter,
                        Reply reply) = 0;
  // The sink soon gets nothing more.
  virtual void remove_tail(const output::Sink* sink) = 0;
};

}  // namespace naudit::daemon
