// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "tests/support/certificates.hpp"

namespace naudit::tests {

// A strict client of a source: blocking, on the test's thread. Whatever takes longer than a minute ends the connection.
class SourceClient {
 public:
  struct Tls {
    Identity identity;      // empty: no certificate
    std::string authority;  // of the server
  };

  explicit SourceClient(std::uint16_t port, const Tls* tls = nullptr);
  SourceClient(const SourceClient&) = delete;
  SourceClient& operator=(const SourceClient&) = delete;
  ~SourceClient();

  // False: the connection has ended.
  bool send(std::string_view bytes);
  // So many bytes, or fewer if the connection ends.
  std::string read(std::size_t size);
  // Up to its end.
  std::string rest();

 private:
  struct Ssl;
  int fd_ = -1;
  std::unique_ptr<Ssl> ssl_;
};

}  // namespace naudit::tests
