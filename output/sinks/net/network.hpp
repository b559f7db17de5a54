// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <memory>

namespace boost::asio {
class io_context;  // NOLINT(readability-identifier-naming): Asio's
}

namespace naudit::output {

// The one loop and the one thread of all network sinks. Nothing on it blocks: names are resolved on other threads, of
// Asio for tcp sinks and of libcurl for https sinks.
//
// Owner: the daemon, which keeps it longer than the sinks; or a sink whose handlers may wait for a disk. Main thread.
class Network {
 public:
  Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;
  // Ends the thread. Waits at most a second for it and Asio's resolver, and not for libcurl's.
  ~Network();

  // The first call starts the thread, so that a configuration without network sinks has none.
  boost::asio::io_context& loop();

 private:
  struct Loop;
  std::shared_ptr<Loop> loop_;
};

}  // namespace naudit::output
