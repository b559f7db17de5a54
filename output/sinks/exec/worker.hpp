// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/descriptor.hpp"
#include "config/config.hpp"
#include "output/backoff.hpp"
#include "output/sinks/exec/child.hpp"
#include "output/sinks/exec/options.hpp"
#include "output/sinks/sink_core.hpp"
#include "output/sinks/window.hpp"

namespace naudit::output {

// What the thread of a sink `exec` does: feeds the command, starts it again, ends it. Shared by the sink and its
// thread, as a program on a dead file system may hold the thread for ever.
//
// A batch counts as delivered when the command has read its last byte; what it has not read is written again, as whole
// events, to the next one.
class ExecWorker {
 public:
  using Clock = SinkCore::Clock;

  // Throws std::system_error: no descriptor left.
  ExecWorker(const config::Sink& sink, SinkHost host, std::uint64_t seed);

  // The thread's whole life.
  void run();
  // Any thread.
  void stop_at(Clock::time_point deadline);
  [[nodiscard]] SinkCore& core() noexcept { return core_; }
  [[nodiscard]] const SinkCore& core() const noexcept { return core_; }

 private:
  void wake() noexcept;
  void start(Clock::time_point now);
  void feed(Clock::time_point now);
  void acknowledge(Clock::time_point now);
  void on_end(Clock::time_point now);
  // Returns once something has happened, or at `until`.
  void wait(Clock::time_point until);
  void end();
  void end_child();

  const ExecOptions options_;
  SinkCore core_;
  Backoff backoff_;
  base::Descriptor wake_;  // eventfd
  std::atomic<Clock::rep> stop_at_{Clock::time_point::max().time_since_epoch().count()};

  // The thread's own.
  std::optional<Child> child_;
  TcpWindow window_;
  std::vector<BatchPtr> taken_;
  std::string pending_;  // what is being written
  std::size_t pending_written_ = 0;
  std::uint64_t fed_ = 0;  // bytes that this command has been given
  Clock::time_point started_at_{};
  Clock::time_point retry_at_ = Clock::time_point::min();
  Clock::time_point busy_since_{};
  std::chrono::milliseconds look_after_{0};
};

}  // namespace naudit::output
