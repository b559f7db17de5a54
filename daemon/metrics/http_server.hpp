// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

namespace naudit::daemon {

// What the clients of the metrics can take of the daemon.
struct MetricsLimits {
  std::size_t clients = 8;                 // one more ends the oldest
  std::chrono::milliseconds time{10'000};  // for a whole request and its answer
  std::chrono::milliseconds fresh{1000};   // within this time the same text is given again
};

// Serves the metrics over HTTP: one request a connection, and nothing but GET and HEAD of /metrics (docs/metrics.md).
//
// A client that says nothing, or reads nothing, is let go after the time for all of it, and sooner when others come. A
// flood of requests costs little more than its accepting, since the text is gathered once a second at most.
//
// Owner: the daemon; the loop and what `gather` needs outlive it. Main thread only. No client can do more than end its
// own connection.
class MetricsServer {
 public:
  // Calls back once with the text, on the main thread: at once, or later.
  using Gather = std::function<void(std::function<void(std::string)>)>;

  // Listens. Throws base::Error. Port 0: a free one.
  MetricsServer(boost::asio::io_context& loop, const std::string& address, std::uint16_t port, Gather gather,
                MetricsLimits limits = {});
  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;
  ~MetricsServer();

  [[nodiscard]] std::uint16_t port() const;

 private:
  class Session;
  struct State;

  static void start_accepting(const std::shared_ptr<State>& state);

  std::shared_ptr<State> state_;  // handlers that the loop runs after our end find it closed
};

}  // namespace naudit::daemon
