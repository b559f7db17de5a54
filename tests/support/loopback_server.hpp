// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace naudit::tests {

// Accepts on 127.0.0.1, plain or TLS, and serves each connection on a thread of its own: for tests of what we send.
// The files of `Tls` are PEM; with `client_ca` a client must have a certificate that it has signed.
class LoopbackServer {
 public:
  struct Tls {
    std::string certificate, key, client_ca;
    int most_version = 0;      // as on the wire: 0x0303 is TLS 1.2; 0: the newest
    std::string ciphers = {};  // of TLS 1.2; empty: OpenSSL's
  };
  class Stream {
   public:
    Stream() = default;
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    virtual ~Stream() = default;
    virtual std::size_t read(char* buffer, std::size_t size) = 0;  // 0: it has ended
    virtual bool write(std::string_view bytes) = 0;
  };
  // Returns when the connection is to be closed.
  using Serve = std::function<void(Stream&)>;

  // Port 0: a free one.
  LoopbackServer(const std::optional<Tls>& tls, std::uint16_t port, Serve serve);
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;
  ~LoopbackServer();

  [[nodiscard]] std::uint16_t port() const noexcept;
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port()); }
  // Connections accepted, TLS or not, since the start. False after half a minute.
  bool wait_for_connections(std::size_t count);
  [[nodiscard]] std::size_t connections() const;
  // Ends every connection and accepts no other. Idempotent.
  void stop();

 private:
  struct Io;
  void accept_all();
  void run(int fd);

  std::unique_ptr<Io> io_;
  Serve serve_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t accepted_ = 0;
  bool stopped_ = false;
  std::list<std::thread> sessions_;
  std::list<int> open_;  // descriptors
  std::thread acceptor_;
};

}  // namespace naudit::tests
