// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <memory>

namespace boost::asio {
class io_context;  // NOLINT(readability-identifier-naming): Asio's
}

namespace naudit::output {

// The one loop and the one thread of all network sinks. Nothing on it blocks: names are resolved on Asio's own thread.
//
// Owner: the daemon, which keeps it longer than the sinks. Main thread.
class Network {
 public:
  Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;
  // Ends the thread. Waits for a name that is still being resolved no longer than a second.
  ~Network();

  // Starts the thread when it is first asked for: who has no network sink has no thread.
  boost::asio::io_context& loop();

 private:
  struct Loop;
  std::shared_ptr<Loop> loop_;
};

}  // namespace naudit::output
