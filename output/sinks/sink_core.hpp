// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "output/in_hand.hpp"
#include "output/queue.hpp"
#include "output/sink.hpp"
#include "output/sinks/loss_report.hpp"
#include "output/sinks/state_report.hpp"

namespace naudit::output {

// What every sink has: its queue, its state and counters, and the reports of its losses and of its troubles.
//
// Owner: the sink. queue(), status() and untold() are for any thread (Queue says for each of its functions which thread
// may call it); everything else is for the sink's own thread. One lock a call: call for a write, a request or an
// answer, not for an event.
class SinkCore {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::string_view kStopped = "stopped before delivery";

  SinkCore(const config::Sink& sink, SinkHost host);

  [[nodiscard]] Queue& queue() noexcept { return queue_; }

  // It works. Ends a trouble.
  void set_ok();
  // The same, but "stalled for 12s" once this has gone on for two seconds: something is on its way and does not arrive.
  void set_busy(Clock::time_point since);
  // Neither works nor fails ("connecting", "idle"): whatever was told before stays so.
  void set_state(std::string phrase);
  // "<phrase>, retrying in 4s": counts a retry. Of the same trouble the log is told once; another error is another
  // trouble, unless it holds what a server says and may differ each time.
  enum class ErrorIs : std::uint8_t { kCause, kQuoted };
  void set_trouble(std::string phrase, std::string error, Clock::time_point retry_at, ErrorIs is = ErrorIs::kCause);
  // It works, but something is amiss with it ("cannot rotate"), until the next call with an empty phrase.
  void set_flaw(std::string phrase, std::string error, ErrorIs is = ErrorIs::kCause);
  // For the status only.
  void set_error(std::string error);

  void count_delivered(std::uint64_t events, std::uint64_t bytes);
  // Events that the sink itself had to give up; the queue's losses are counted by the queue.
  void count_lost(std::string_view cause, std::uint64_t events, std::string_view first_id, std::string_view last_id);
  // The same for what it has in hand, notices included, which are then told, or are to be told again.
  void delivered(const InHand::Portion& portion);
  void lost(std::string_view cause, const InHand::Portion& portion);
  void told(std::span<const BatchPtr> notices);
  void untold(std::span<const BatchPtr> notices);

  // Reports at most one loss a second, and what has changed; returns when it wants to be called again
  // (time_point::max(): not at all).
  Clock::time_point tell(Clock::time_point now);
  // At the end: drops what the queue still holds, counts it, and reports every loss at once.
  void finish();
  // At the end, too, by another thread, of a sink whose own thread hangs.
  void abandon(std::string state);

  [[nodiscard]] SinkStatus status() const;
  [[nodiscard]] Losses untold() const { return queue_.untold_losses(); }

 private:
  [[nodiscard]] std::string trouble() const;
  void report(SinkChange change);
  void report_losses(bool all, Clock::time_point now);

  const SinkHost host_;
  Queue queue_;
  LossReport losses_;  // own thread

  mutable std::mutex mutex_;
  SinkStatus status_;  // without the queue's part; events_dropped: those that the sink gave up
  StateReport states_;
  std::string trouble_;  // the phrase of it
  std::string flaw_, flaw_error_;
  Clock::time_point retry_at_{};    // epoch: not retrying
  Clock::time_point busy_since_{};  // epoch: not busy
};

}  // namespace naudit::output
