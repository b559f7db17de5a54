// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/descriptor.hpp"
#include "config/config.hpp"
#include "output/backoff.hpp"
#include "output/sinks/program/child.hpp"
#include "output/sinks/program/contract.hpp"
#include "output/sinks/program/fed_events.hpp"
#include "output/sinks/sink_core.hpp"

namespace naudit::output {

// What the thread of a sink with a program does: feeds the program, starts it again, ends it. Shared by the sink and
// its thread, as a program on a dead file system may hold the thread for ever.
//
// An event counts as delivered when the program has read its last byte; what it has not read is written again, as whole
// events, to the next one. A program that ends too often is started no more until a reload; events wait meanwhile.
class ProgramWorker {
 public:
  using Clock = SinkCore::Clock;

  // Throws std::system_error: no descriptor left.
  ProgramWorker(const config::Sink& sink, ProgramContract contract, SinkHost host, std::uint64_t seed);

  // The thread's whole life.
  void run();
  // Any thread.
  void stop_at(Clock::time_point deadline);
  // Any thread. The configuration was read again, and is for this sink as it was.
  void reload();
  [[nodiscard]] SinkCore& core() noexcept { return core_; }
  [[nodiscard]] const SinkCore& core() const noexcept { return core_; }

 private:
  void wake() noexcept;
  void start(Clock::time_point now);
  void feed(Clock::time_point now);
  void acknowledge(Clock::time_point now);
  void on_reload(Clock::time_point now);
  void on_end(Clock::time_point now);
  // Returns once something has happened, or at `until`.
  void wait(Clock::time_point until);
  void end();
  void end_child();

  const ProgramContract contract_;
  SinkCore core_;
  Backoff backoff_;
  base::Descriptor wake_;  // eventfd
  std::atomic<Clock::rep> stop_at_{Clock::time_point::max().time_since_epoch().count()};
  std::atomic<bool> reload_{false};

  // The thread's own.
  std::optional<Child> child_;
  FedEvents fed_;
  std::vector<BatchPtr> taken_;
  std::vector<std::string_view> pieces_;  // that are being written
  bool has_room_ = true;                  // as far as is known, in its input
  bool was_told_ = false;                 // by SIGHUP
  std::uint32_t restarts_ = 0;            // that count
  bool is_given_up_ = false;
  Clock::time_point started_at_{};
  Clock::time_point retry_at_ = Clock::time_point::min();
  Clock::time_point busy_since_{};
  std::chrono::milliseconds look_after_{0};
};

}  // namespace naudit::output
