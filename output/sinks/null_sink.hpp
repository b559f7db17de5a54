// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <utility>

#include "config/config.hpp"
#include "output/sink.hpp"
#include "output/sinks/sink_core.hpp"

namespace naudit::output {

// Counts and forgets: what everything before the sinks costs, for benchmarks and tests.
class NullSink final : public Sink {
 public:
  explicit NullSink(const config::Sink& sink) : core_(sink, {}) { core_.set_state("ok"); }

  void push(BatchPtr batch) override {
    events_in_.fetch_add(batch->events(), std::memory_order_relaxed);
    core_.count_delivered(batch->events(), batch->bytes.size());
  }
  void stop(std::chrono::milliseconds) override {}
  [[nodiscard]] SinkStatus status() const override {
    SinkStatus status = core_.status();
    status.events_in = events_in_.load(std::memory_order_relaxed);
    return status;
  }

 private:
  SinkCore core_;
  std::atomic<std::uint64_t> events_in_ = 0;
};

}  // namespace naudit::output
