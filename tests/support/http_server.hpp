// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/loopback_server.hpp"

namespace naudit::tests {

// Answers each request with the next step of its script; when that has ended, with what `respond` says, or with 200.
class HttpServer {
 public:
  enum class Step : std::uint8_t {
    kReply,           // whole
    kCloseAfterHead,  // hangs up before it has read the body
    kCloseMidReply,   // hangs up in the middle of the status line
    kCutBody,         // hangs up in the middle of the body of its reply
    kStall,           // never answers
  };
  struct Answer {
    int status = 200;
    std::string headers;  // each with its "\r\n"
    std::string body;
    Step step = Step::kReply;
  };
  struct Request {
    std::string head, body;
    std::size_t connection = 0;  // counts from 0

    [[nodiscard]] bool has(const std::string& text) const { return head.find(text) != std::string::npos; }
  };

  // Called on the threads of connections, several at a time.
  using Respond = std::function<Answer(const Request&)>;

  explicit HttpServer(std::deque<Answer> script = {}, const std::optional<LoopbackServer::Tls>& tls = std::nullopt,
                      std::uint16_t port = 0);
  explicit HttpServer(Respond respond);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();

  LoopbackServer& server() noexcept { return server_; }
  // False after half a minute.
  bool wait_for_requests(std::size_t count);
  [[nodiscard]] std::vector<Request> requests() const;
  void stop();

 private:
  void serve(LoopbackServer::Stream& stream);
  bool serve_one(LoopbackServer::Stream& stream, std::string& input, std::size_t connection);
  std::optional<Answer> next();

  const Respond respond_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Answer> script_;
  std::vector<Request> requests_;
  std::size_t connections_ = 0;
  bool stopping_ = false;
  LoopbackServer server_;
};

}  // namespace naudit::tests
