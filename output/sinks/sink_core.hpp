// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <atomic>
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

// What every sink has: its queue, its state and counters, and the telling of its losses.
//
// Owner: the sink. status() is for any thread; everything else belongs to the sink's own thread, but for the queue,
// which says for each call whose it is. Takes no time from a clock but in status().
class SinkCore {
 public:
  using Clock = std::chrono::steady_clock;

  SinkCore(const config::Sink& sink, std::string type, OnSinkLoss on_loss);

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

  // Tells at most one loss a second; returns when it wants to be called again (time_point::max(): not at all).
  Clock::time_point tell_losses(Clock::time_point now);
  // At the end: drops what the queue still holds, counts it, tells everything.
  void finish();

  [[nodiscard]] SinkStatus status() const;

 private:
  void collect_queue_loss(std::string_view cause);

  const std::string name_, type_, format_;
  const OnSinkLoss on_loss_;
  Queue queue_;
  LossReport losses_;  // own thread

  mutable std::mutex mutex_;
  std::string state_ = "starting";
  std::string last_error_;
  Clock::time_point retry_at_{};    // epoch: not retrying
  Clock::time_point busy_since_{};  // epoch: not busy
  std::uint64_t retries_ = 0;

  std::atomic<std::uint64_t> events_out_ = 0;
  std::atomic<std::uint64_t> bytes_out_ = 0;
  std::atomic<std::uint64_t> given_up_ = 0;
};

}  // namespace naudit::output
