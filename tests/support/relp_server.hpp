// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/loopback_server.hpp"

namespace naudit::tests {

// A RELP server that takes nothing that is not exactly that.
class RelpServer {
 public:
  struct Options {
    std::optional<LoopbackServer::Tls> tls;
    std::string open_answer = "200 OK\nrelp_version=0\nrelp_software=test\ncommands=syslog";
    std::string answer = "200 OK";
    std::size_t breaks_after = 0;  // so many messages of the first connection are answered, and then it is closed
    std::size_t answers_from = 1;  // messages are answered when so many are there
    bool silent = false;
  };

  RelpServer() : RelpServer(Options{}) {}
  explicit RelpServer(Options options);
  RelpServer(const RelpServer&) = delete;
  RelpServer& operator=(const RelpServer&) = delete;
  ~RelpServer();

  LoopbackServer& server() noexcept { return server_; }
  [[nodiscard]] std::string address() const { return server_.address(); }
  // False after half a minute.
  bool wait_for_messages(std::size_t count);
  // All that came, answered or not.
  [[nodiscard]] std::vector<std::string> messages() const;
  [[nodiscard]] std::string wrong() const;
  // The most messages that were there unanswered.
  [[nodiscard]] std::size_t most_waiting() const;

 private:
  struct Frame {
    unsigned long number = 0;
    std::string command, data;
  };

  void serve(LoopbackServer::Stream& stream);
  std::optional<Frame> read_frame(LoopbackServer::Stream& stream, std::string& input, bool wait);

  const Options options_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> messages_;
  std::string wrong_;
  std::size_t connections_ = 0, most_waiting_ = 0;
  LoopbackServer server_;
};

}  // namespace naudit::tests
