// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <thread>

namespace naudit::daemon {

// Sets up spdlog's default logger for our own diagnostics: stderr, with the priority prefix that journald reads when
// that is where stderr goes. A message that repeats itself, or a flood of them, is held back and summed up, so that
// diagnostics never become a load of their own. level: "trace" … "error". Main thread, before other threads start; the
// logger itself is thread-safe, and waits for stderr unless there is a LogThread. The drain thread does not use it.
void set_up_log(const std::string& level);

// While it lives, a thread of its own writes what is logged, so that a descriptor that takes nothing (a full pipe, a
// terminal that is held, a disk that hangs) delays nobody else. Lines wait in a bounded queue; what finds no room is
// left out, counted, and told when there is room again.
//
// Owner: the daemon, at most one at a time. A thread inherits capabilities, so it is made after drop_privileges().
class LogThread {
 public:
  explicit LogThread(int descriptor, std::size_t most_lines = 1000);
  LogThread(const LogThread&) = delete;
  LogThread& operator=(const LogThread&) = delete;
  // Gives what still waits a second; then the thread is left behind, and nothing more is logged.
  ~LogThread();

  // Any thread; never waits for the descriptor.
  void put(std::string line);

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
  std::thread thread_;
};

}  // namespace naudit::daemon
