// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "output/sinks/http/message.hpp"
#include "output/sinks/http/retry.hpp"
#include "output/sinks/net/connection.hpp"

namespace naudit::output {

// Sends one request after the other and keeps the connection for the next. Knows nothing of events or retries, but for
// one: a kept connection that turns out to be closed before any reply is replaced once, silently.
// Lives on the loop's thread.
class HttpClient : public std::enable_shared_from_this<HttpClient> {
 public:
  using Done = std::function<void(const HttpOutcome&)>;

  // options.timeout bounds connecting, and then again the request with its reply.
  HttpClient(boost::asio::io_context& loop, Connection::Options options);

  // One at a time. `pieces` go out as one; `owner` keeps what they point to. `done` is called once, unless close() is.
  void send(std::vector<std::string_view> pieces, std::shared_ptr<const void> owner, Done done);
  void close();

 private:
  void connect();
  void start_write();
  void on_timeout();
  void on_read(std::string_view bytes);
  void on_broken(const std::string& why);
  void finish(const HttpOutcome& outcome, bool keep);
  [[nodiscard]] HttpOutcome replied() const;
  void drop();

  boost::asio::io_context& loop_;
  const Connection::Options options_;
  boost::asio::steady_timer timer_;
  std::shared_ptr<Connection> connection_;
  std::vector<std::string_view> pieces_;
  std::shared_ptr<const void> owner_;
  Done done_;
  std::unique_ptr<HttpReply> reply_;
  std::size_t attempts_ = 0;
  bool reused_ = false;
  bool written_ = false;
};

}  // namespace naudit::output
