// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>

namespace naudit::netlink {

// Lets one thread sleep on a socket, and others wake it. An eventfd(2) and ppoll(2), and no event loop between: whoever
// sleeps a thousand times a second pays for each system call.
//
// Owner: the sleeping thread's; outlives whoever wakes it.
class Wakeup {
 public:
  using Clock = std::chrono::steady_clock;

  Wakeup();  // throws std::system_error
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;
  ~Wakeup();

  // Any thread. The sleep that is under way, or else the next one, ends at once.
  void wake() const noexcept;
  // The sleeping thread: until this time is over, or somebody wakes it, or (when `socket` is not negative) there is
  // something to read. A negative time is over; one that is longer than 1000 s is cut to that.
  void sleep(std::chrono::nanoseconds at_most, int socket = -1) const noexcept;

 private:
  int fd_;
};

}  // namespace naudit::netlink
