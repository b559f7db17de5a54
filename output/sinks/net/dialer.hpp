// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "output/backoff.hpp"
#include "output/sinks/net/connection.hpp"
#include "output/sinks/net/host_order.hpp"
#include "output/sinks/net/stream_options.hpp"

namespace naudit::output {

// Which host a sink connects to, and when: the next one at once as long as there is one that was not tried, and after
// all of them a pause that grows. There is no last attempt. One thread, the loop's.
class Dialer {
 public:
  using Clock = std::chrono::steady_clock;

  struct Settings {
    std::vector<Connection::Options> hosts;
    Hosts order = Hosts::kFailover;
    Retry retry;
    std::chrono::milliseconds reconnect{0};  // 0: never
  };
  // The options have passed their check. Throws base::Error: TLS files. Main thread.
  static Settings settings(const std::string& sink, const HostOptions& options, const std::vector<Endpoint>& endpoints);

  Dialer(Settings settings, std::uint64_t seed);

  std::shared_ptr<Connection> dial(boost::asio::io_context& loop, Connection::Handlers handlers);
  // The connection was good for something: what comes next begins with a round and the shortest pause.
  void worked() noexcept;
  // The connection has ended: when to make the next one.
  [[nodiscard]] Clock::time_point next_at(Clock::time_point now);
  // When one that was opened then is given up for another one.
  [[nodiscard]] Clock::time_point renew_at(Clock::time_point opened, std::chrono::milliseconds at_least) const;

  // "host:port" of the one that was dialled last.
  [[nodiscard]] std::string host() const;
  // What is to be told of it, empty: nothing. It is not the first one, and that would have been better.
  [[nodiscard]] std::string failover() const;

 private:
  const Settings settings_;
  HostOrder order_;
  Backoff backoff_;
  std::vector<std::size_t> attempts_;  // of each host
  std::size_t current_ = 0;
};

}  // namespace naudit::output
