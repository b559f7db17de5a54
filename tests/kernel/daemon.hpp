// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include "netlink/event_socket.hpp"
#include "netlink/receiver.hpp"
#include "netlink/request_socket.hpp"
#include "netlink/wakeup.hpp"

namespace naudit::test {

// "audit(1700000000.123:45)", which names an event.
std::string stamp(std::string_view text);

// The least audit daemon: an event socket, a receiver on a thread of its own, and a memory of all that came.
class Daemon {
 public:
  struct Seen {
    struct Item {
      std::uint16_t type;
      std::string text;
    };
    std::vector<Item> records;
    std::set<std::string> begun;            // stamps of events of kTestUid that have their SYSCALL, but no EOE yet
    std::size_t whole = 0;                  // events of kTestUid that have both; those of other processes do not count
    std::optional<std::error_code> answer;  // to the registration
    std::vector<pid_t> probes;

    void add(const netlink::Record& record);
    [[nodiscard]] std::size_t count(std::uint16_t type, std::string_view part = "") const;
  };

  // Begins to receive unless `reading` is false; fails the test if the socket cannot be opened.
  Daemon(netlink::EventSocket::Mode mode, std::size_t receive_buffer, bool reading = true);
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;
  ~Daemon();

  // Asks, and waits for the answer.
  std::error_code register_pid();
  void resume_reading();
  // Waits for what has to come; false if it has not within 20 seconds.
  bool wait_until(const std::function<bool(const Seen&)>& condition);
  // Ends reading, with all that is left in the socket: true if that was all. Then seen() is safe without the thread.
  bool stop();

  [[nodiscard]] const Seen& seen() const { return seen_; }
  [[nodiscard]] const netlink::EventSocket& socket() const { return socket_; }
  [[nodiscard]] const netlink::Counters& counters() const { return receiver_.counters(); }

 private:
  void run();
  void note(const std::function<void()>& change);

  netlink::EventSocket socket_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Seen seen_;
  netlink::Receiver receiver_;
  netlink::Wakeup wakeup_;
  std::atomic<bool> reading_;
  std::atomic<bool> ended_{false};
  std::thread thread_;
};

}  // namespace naudit::test
