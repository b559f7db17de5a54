// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "output/sinks/event_window.hpp"
#include "output/sinks/session_worker.hpp"

namespace naudit::output {

// A sink whose server answers each message, in the order in which they were sent: a message a line of an event, so many
// of them unanswered at a time. An event is delivered when all of its lines are answered; what is not answered when the
// connection ends is sent again, in order. A protocol is what derives from it. On the loop's thread.
class MessageWorker : public SessionWorker {
 protected:
  struct Pace {
    std::size_t window = 1;            // messages that may be unanswered
    std::chrono::milliseconds answer;  // has to come within this
    std::chrono::milliseconds open;    // the session has to be up within this
  };

  MessageWorker(boost::asio::io_context& loop, const config::Sink& sink, Dialer::Settings hosts, SinkHost host,
                std::uint64_t seed, Pace pace);

  // What the protocol does. Appends the message of a line and returns its number. Has read something, before what is
  // finished is counted. The connection has ended. There is nothing to send.
  virtual std::uint32_t append_message(std::string_view line, std::string& out) = 0;
  virtual void read(std::string_view bytes) = 0;
  virtual void forget() = 0;
  virtual void idle(Clock::time_point /*now*/) {}
  // Why this event cannot be sent, as the cause of its loss; empty: it can. And its id for that.
  [[nodiscard]] virtual std::string_view objection(std::string_view /*event*/) const { return {}; }
  [[nodiscard]] virtual std::string_view id_of(std::string_view /*event*/) const { return {}; }

  // A message of the protocol's own was sent, and will be answered.
  void sent(std::uint32_t number);
  // It is the oldest message that is unanswered; the server has it.
  [[nodiscard]] bool is_next(std::uint32_t number) const { return !sent_.empty() && sent_.front().number == number; }
  void answered();
  [[nodiscard]] bool is_waiting() const final { return !sent_.empty(); }

  void take(std::string_view bytes) final;
  void send(Clock::time_point now) final;
  void restart() final;
  void give_up() final;
  [[nodiscard]] std::string overdue() const override;

 private:
  static constexpr std::uint64_t kNoEvent = UINT64_MAX;
  struct Sent {
    std::uint32_t number;  // of the message
    std::uint64_t event;   // of the window
    bool is_last;          // line of the event
  };

  void fill();
  bool lose(const EventWindow::Event& event);
  void settle();

  const Pace pace_;
  EventWindow window_;
  std::vector<BatchPtr> taken_;
  std::deque<Sent> sent_;   // not answered, the oldest first
  std::size_t offset_ = 0;  // of the next line in the event that is sent next
};

}  // namespace naudit::output
