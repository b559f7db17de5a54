// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <system_error>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "config/config.hpp"
#include "correlate/correlator.hpp"
#include "daemon/pipeline/handoff.hpp"
#include "netlink/event_socket.hpp"
#include "netlink/receiver.hpp"

namespace naudit::daemon {

// What the drain thread has counted, as last published by it. Any thread may read it.
struct DrainCounters {
  std::atomic<std::uint64_t> events{0};
  std::atomic<std::uint64_t> malformed{0};
  std::atomic<std::uint64_t> incomplete{0};
  std::atomic<std::uint64_t> evicted{0};
  std::atomic<std::uint64_t> late{0};
  std::atomic<std::uint64_t> open{0};
  std::atomic<std::uint64_t> full{0};  // times the hand-off was full and the records had to wait in the socket
};

// The drain thread: receives records, groups them, hands whole events on. It never waits for another thread, a disk, a
// network or a name service, and logs nothing.
//
// Owner: the daemon. start(), stop() and set_options() are for the main thread. The handlers run on the drain thread
// and must only post.
class DrainThread {
 public:
  struct Handlers {
    std::function<void(std::error_code)> on_registration;
    std::function<void(pid_t)> on_replace;
    std::function<void(std::error_code)> on_error;
  };

  DrainThread(const netlink::EventSocket& socket, const config::Events& events, Handoff& handoff, Handlers handlers);
  DrainThread(const DrainThread&) = delete;
  DrainThread& operator=(const DrainThread&) = delete;
  ~DrainThread();

  void start();
  void set_options(const config::Events& events);
  // After the kernel has unregistered us: takes what is left in the socket (for at most this long), emits what is open,
  // hands all of it on, and ends the thread.
  void stop(std::chrono::milliseconds at_most);

  [[nodiscard]] const netlink::Counters& received() const noexcept { return receiver_.counters(); }
  [[nodiscard]] const DrainCounters& counters() const noexcept { return counters_; }

 private:
  void on_records(std::span<const netlink::Record> records, correlate::TimePoint now);
  void on_timer();
  void hand_on();
  void arm_timer();
  void publish();
  void finish(std::chrono::steady_clock::time_point deadline);

  Handoff& handoff_;
  boost::asio::io_context loop_{1};
  boost::asio::steady_timer timer_{loop_};
  netlink::Receiver receiver_;
  correlate::EventPool pool_;
  correlate::Correlator correlator_;
  std::unique_ptr<correlate::EventBatch> batch_;
  std::optional<correlate::TimePoint> armed_;
  bool waiting_ = false;  // for room in the hand-off
  DrainCounters counters_;
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;
  std::thread thread_;
};

}  // namespace naudit::daemon
