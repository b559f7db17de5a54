// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>
#include <thread>

#include "tests/support/certificates.hpp"
#include "tests/support/program.hpp"

namespace naudit::tests {

// nghttpd (Debian's nghttp2-server) with TLS on a free port of 127.0.0.1: answers a POST with 200 and the body that it
// got. Speaks HTTP/2 only.
class Http2Server {
 public:
  explicit Http2Server(const Identity& identity);
  Http2Server(const Http2Server&) = delete;
  Http2Server& operator=(const Http2Server&) = delete;
  ~Http2Server();

  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  // Ends it. What it has said of frames and fields.
  const std::string& end();

 private:
  Program program_;
  std::uint16_t port_ = 0;
  std::string log_;
  std::thread reader_;  // it waits for nobody who does not read
};

}  // namespace naudit::tests
