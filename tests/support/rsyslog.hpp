// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/descriptor.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/program.hpp"

namespace naudit::tests {

// Debian's rsyslogd as the receiver of a test: a unix socket, UDP and TCP on free ports of 127.0.0.1; TCP with TLS if
// it has a certificate, and then only from clients that have one of the same authority; RELP if asked for. What it has
// understood of each message comes back as a line with its parts between bars:
//
//   pri|version|time|host|app-name|procid|msgid|structured-data|message
class Rsyslog {
 public:
  struct Tls {
    Identity server;
    std::string authority;
  };

  // `folder`: of the test, for its files. Throws std::runtime_error if it does not start.
  Rsyslog(const std::string& folder, const std::optional<Tls>& tls, bool with_relp = false);
  Rsyslog(const Rsyslog&) = delete;
  Rsyslog& operator=(const Rsyslog&) = delete;
  ~Rsyslog() = default;

  [[nodiscard]] std::string tcp_address() const { return "127.0.0.1:" + std::to_string(tcp_port_); }
  [[nodiscard]] std::string udp_address() const { return "127.0.0.1:" + std::to_string(udp_port_); }
  [[nodiscard]] std::string relp_address() const { return "127.0.0.1:" + std::to_string(relp_port_); }
  [[nodiscard]] const std::string& socket() const noexcept { return socket_; }
  // So many more lines; fewer after half a minute without one.
  std::vector<std::string> lines(std::size_t count);

 private:
  std::string socket_;
  base::Descriptor output_;
  std::optional<Program> program_;
  std::string input_;
  std::uint16_t tcp_port_ = 0;
  std::uint16_t udp_port_ = 0;
  std::uint16_t relp_port_ = 0;
};

}  // namespace naudit::tests
