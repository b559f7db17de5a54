// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/pipeline/broken_sink.hpp"

namespace naudit::daemon {

output::SinkStatus BrokenSink::status() const {
  output::SinkStatus status;
  status.name = name_;
  status.type = type_;
  status.state = "not started";
  status.last_error = why_;
  status.events_in = status.events_dropped = dropped_.load(std::memory_order_relaxed);
  return status;
}

}  // namespace naudit::daemon
