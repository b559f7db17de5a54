// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "config/config.hpp"
#include "output/sink.hpp"
#include "output/sinks/sink_core.hpp"

namespace naudit::output {

// The part of a network sink that lives on the shared loop. A kind of sink is a work() that does whatever can be done
// now; it is called after each event (a batch came, a connection opened, a write ended, the time has come), all on the
// loop's thread, so nothing in it needs a lock. The handlers of the loop keep it alive until finish().
class NetworkWorker : public std::enable_shared_from_this<NetworkWorker> {
 public:
  using Clock = SinkCore::Clock;

  NetworkWorker(boost::asio::io_context& loop, const config::Sink& sink, SinkHost host);
  NetworkWorker(const NetworkWorker&) = delete;
  NetworkWorker& operator=(const NetworkWorker&) = delete;
  virtual ~NetworkWorker() = default;

  // Main thread; before the first push.
  void start();
  // Any thread. Delivers until nothing is left or the time has come; the future is ready when all is counted.
  std::future<void> stop_by(Clock::time_point deadline);
  [[nodiscard]] SinkCore& core() noexcept { return core_; }
  [[nodiscard]] const SinkCore& core() const noexcept { return core_; }

 protected:
  // Returns when it wants to be called again at the latest.
  virtual Clock::time_point work(Clock::time_point now) = 0;
  // Nothing is left to be delivered before an end.
  [[nodiscard]] virtual bool is_drained() { return core_.queue().status().queue_bytes == 0; }
  // Ends the connection and counts what is still in hand as lost.
  virtual void end() = 0;

  void pump();
  [[nodiscard]] bool stopping() const noexcept { return stop_at_ != Clock::time_point::max(); }
  [[nodiscard]] boost::asio::io_context& loop() noexcept { return loop_; }

 private:
  void finish();

  boost::asio::io_context& loop_;
  SinkCore core_;
  boost::asio::steady_timer timer_;
  Clock::time_point stop_at_ = Clock::time_point::max();
  std::promise<void> ended_promise_;
  bool ended_ = false;
};

// The encode thread's and the main thread's side of it.
class NetworkSink final : public Sink {
 public:
  explicit NetworkSink(std::shared_ptr<NetworkWorker> worker);
  ~NetworkSink() override;

  void push(BatchPtr batch) override;
  void end_blocking() override;
  void let_pass(bool pass) override;
  void end_by(std::chrono::steady_clock::time_point deadline) override;
  void stop(std::chrono::milliseconds at_most) override;
  [[nodiscard]] SinkStatus status() const override;
  [[nodiscard]] Losses untold() const override;
  void carry(const Losses& losses) override;

 private:
  std::shared_ptr<NetworkWorker> worker_;
  std::future<void> ended_;  // valid once it is to end
  std::chrono::steady_clock::time_point end_by_{};
};

}  // namespace naudit::output
