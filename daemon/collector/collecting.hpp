// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "config/config.hpp"
#include "daemon/collector/collector.hpp"
#include "daemon/pipeline/encode_thread.hpp"

namespace naudit::daemon {

// The part of the daemon that takes other machines' events: the collector, if there are sources, with what it has to
// tell on its way to the log and into the stream.
//
// Owner: the daemon; the loop outlives it. Main thread.
class Collecting {
 public:
  // Puts a record into the stream.
  using Tell = std::function<void(std::uint16_t type, const std::string& text)>;

  Collecting(boost::asio::io_context& loop, Tell tell) : loop_(loop), tell_(std::move(tell)) {}

  // Before rights are given up. Throws base::Error.
  void listen(const config::Config& config);
  void start(EncodeThread& encode);
  // While the encode thread still runs. Waits for at most this long; what there is to tell is told before it returns.
  void stop(std::chrono::milliseconds at_most);

  [[nodiscard]] bool is_on() const noexcept { return collector_.has_value(); }
  [[nodiscard]] std::vector<SourceStatus> status() const;

 private:
  void take_news();
  void on_news(const SourceNews& news);

  boost::asio::io_context& loop_;
  Tell tell_;
  std::mutex mutex_;  // held for the time of a swap
  std::vector<SourceNews> news_;
  std::optional<Collector> collector_;
};

}  // namespace naudit::daemon
