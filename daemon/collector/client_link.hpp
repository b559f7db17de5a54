// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

namespace boost::asio::ssl {
class context;  // NOLINT(readability-identifier-naming): Asio's
}

namespace naudit::daemon {

// The socket of one client, plain or TLS. The loop's thread. Handlers may be called after close(), with an error; who
// owns the link keeps it until they were.
class ClientLink {
 public:
  using Done = std::function<void(const boost::system::error_code&, std::size_t size)>;

  ClientLink() = default;
  ClientLink(const ClientLink&) = delete;
  ClientLink& operator=(const ClientLink&) = delete;
  virtual ~ClientLink() = default;

  // `tls` null: plain.
  static std::unique_ptr<ClientLink> make(boost::asio::ip::tcp::socket socket,
                                          std::shared_ptr<boost::asio::ssl::context> tls);

  virtual void handshake(Done done) = 0;
  virtual void read(boost::asio::mutable_buffer into, Done done) = 0;  // some
  virtual void write(boost::asio::const_buffer all, Done done) = 0;    // all of it
  virtual void close() = 0;
  // After the handshake: the names of the client's certificate; none without TLS.
  [[nodiscard]] virtual std::vector<std::string> certificate_names() const = 0;
  // What went wrong, in words for a person.
  [[nodiscard]] virtual std::string describe(const boost::system::error_code& error) const = 0;
};

}  // namespace naudit::daemon
