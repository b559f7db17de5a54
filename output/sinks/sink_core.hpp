// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "output/queue.hpp"
#include "output/sink.hpp"
#include "output/sinks/loss_report.hpp"

namespace naudit::output {

// What every sink has: its queue, its state and counters, and the reports of its losses.
//
// Owner: the sink. queue() and status() are for any thread (Queue says for each of its functions which thread may call
// it); everything else is for the sink's own thread. Only status() reads a clock. One lock a call: call for a write, a
// request or an answer, not for an event.
class SinkCore {
 public:
  using Clock = std::chrono::steady_clock;

  SinkCore(const config::Sink& sink, OnSinkLoss on_loss);

  [[nodiscard]] Queue& queue() noexcept { return queue_; }

  // One short phrase: "ok", "connecting".
  void set_state(std::string phrase);
  // "ok", but "stalled for 12s" once this has gone on for two seconds: something is on its way and does not arrive.
  void set_busy(Clock::time_point since);
  // "<phrase>, retrying in 4s": counts a retry.
  void set_retry(std::string phrase, Clock::time_point at);
  void set_error(std::string error);
  void count_delivered(std::uint64_t events, std::uint64_t bytes);
  // Events that the sink itself had to give up; the queue's losses are counted by the queue.
  void count_lost(std::string_view cause, std::uint64_t events, std::string_view first_id, std::string_view last_id);

  // Reports at most one loss a second; returns when it wants to be called again (time_point::max(): not at all).
  Clock::time_point tell_losses(Clock::time_point now);
  // At the end: drops what the queue still holds, counts it, and reports every loss at once.
  void finish();

  [[nodiscard]] SinkStatus status() const;

 private:
  void collect_queue_loss(std::string_view cause);

  const OnSinkLoss on_loss_;
  Queue queue_;
  LossReport losses_;  // own thread

  mutable std::mutex mutex_;
  SinkStatus status_;               // without the queue's part; events_dropped: those that the sink gave up
  Clock::time_point retry_at_{};    // epoch: not retrying
  Clock::time_point busy_since_{};  // epoch: not busy
};

}  // namespace naudit::output
