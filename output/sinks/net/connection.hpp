// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "output/sinks/net/endpoint.hpp"
#include "output/sinks/net/tcp_socket.hpp"

namespace boost::asio {
class io_context;  // NOLINT(readability-identifier-naming): Asio's
namespace ssl {
class context;  // NOLINT(readability-identifier-naming): Asio's
}
}  // namespace boost::asio

namespace naudit::output {

// "host:port", "[v6]:port", "/a/path"
std::string endpoint_text(const Endpoint& endpoint);

// One TCP, TLS or unix connection of a sink, from the resolving of the name to its end; the only file with Asio's
// sockets.
//
// Everything happens on the loop's thread. A connection is used once: after on_broken, or close(), none of the handlers
// is called again and the next connection is a new object. It reads all the time, which is how it notices the end.
class Connection {
 public:
  struct Handlers {
    std::function<void()> on_open;
    std::function<void()> on_written;                   // the last write() is with the kernel
    std::function<void(std::string_view)> on_read;      // valid during the call
    std::function<void(const std::string&)> on_broken;  // why, in words for a person
  };
  struct Options {
    Endpoint endpoint;
    std::shared_ptr<boost::asio::ssl::context> tls;  // null: plain TCP
    bool verify_name = true;                         // TLS: the certificate must be for `server_name`
    std::string server_name;                         // empty: the endpoint's host
    std::chrono::milliseconds timeout{10'000};       // for resolving, connecting and the TLS handshake together
    Keepalive keepalive = {};
  };

  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  virtual ~Connection() = default;

  // `attempt`: which of the host's addresses is tried first; counts up from one connection to the next.
  static std::shared_ptr<Connection> open(boost::asio::io_context& loop, const Options& options, std::size_t attempt,
                                          Handlers handlers);

  // One at a time. `owner` keeps what the pieces point to, for as long as the connection may still look at it.
  virtual void write(std::span<const std::string_view> pieces, std::shared_ptr<const void> owner) = 0;
  // Ends politely (TLS close_notify, FIN) without waiting for an answer.
  virtual void close() = 0;
  // What the kernel knows of the bytes written; after the end: what it knew last.
  [[nodiscard]] virtual TcpProgress progress() const = 0;
};

}  // namespace naudit::output
