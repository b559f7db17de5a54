// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/loopback_server.hpp"

namespace naudit::tests {

// Collects lines. What a broken connection left of its last line is not one.
class LineServer {
 public:
  struct Options {
    std::optional<LoopbackServer::Tls> tls;
    std::uint16_t port = 0;
    bool reads = true;  // false: accepts, and takes nothing until resume()
  };

  LineServer() : LineServer(Options{}) {}
  explicit LineServer(const Options& options);
  LineServer(const LineServer&) = delete;
  LineServer& operator=(const LineServer&) = delete;
  ~LineServer();

  LoopbackServer& server() noexcept { return server_; }
  [[nodiscard]] std::string address() const { return server_.address(); }
  // False after half a minute.
  bool wait_for_lines(std::size_t count);
  [[nodiscard]] std::vector<std::string> lines() const;
  void resume();
  void stop();

 private:
  void serve(LoopbackServer::Stream& stream);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool reads_;
  bool stopping_ = false;
  std::vector<std::string> lines_;
  LoopbackServer server_;
};

}  // namespace naudit::tests
