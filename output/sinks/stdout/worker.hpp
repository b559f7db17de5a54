// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <vector>

#include "config/config.hpp"
#include "output/backoff.hpp"
#include "output/sinks/sink_core.hpp"

namespace naudit::output {

// What the thread of the sink stdout does. Shared by the sink and its thread, so that a thread that hangs in the kernel
// never outlives its data.
class StdoutWorker {
 public:
  using Clock = SinkCore::Clock;

  StdoutWorker(const config::Sink& sink, SinkHost host, std::uint64_t seed, int fd);

  // The thread's whole life.
  void run();
  // Any thread.
  void stop_at(Clock::time_point deadline);
  [[nodiscard]] SinkCore& core() noexcept { return core_; }
  [[nodiscard]] const SinkCore& core() const noexcept { return core_; }

 private:
  bool fetch();
  void write_some(Clock::time_point now);
  void commit();
  void fail(int code, Clock::time_point now);
  void end();

  SinkCore core_;
  const int fd_;
  Backoff backoff_;
  std::atomic<Clock::rep> stop_at_{Clock::time_point::max().time_since_epoch().count()};

  // The thread's own.
  std::vector<BatchPtr> taken_;
  std::deque<BatchPtr> hand_;
  std::size_t written_ = 0;  // bytes of the first one
  Clock::time_point retry_at_ = Clock::time_point::min();
  Clock::time_point busy_since_{};  // epoch: the reader takes what comes
};

}  // namespace naudit::output
