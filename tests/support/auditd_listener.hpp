// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/program.hpp"

namespace naudit::tests {

// Debian's auditd as the receiver of others' records (`tcp_listen_port`), on the loopback interface and without a
// kernel (auditd_shim.cpp). Its port is the same over all starts, and nobody else's meanwhile.
class AuditdListener {
 public:
  // The programs: auditd, and the shim.
  AuditdListener(std::string auditd, std::string shim, std::string folder);
  AuditdListener(const AuditdListener&) = delete;
  AuditdListener& operator=(const AuditdListener&) = delete;
  ~AuditdListener();

  void start();
  // Ends it with this signal and waits until it has.
  void stop(int signal);
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  // Of its log, without what it tells of itself.
  [[nodiscard]] std::vector<std::string> lines() const;
  // False after a minute.
  [[nodiscard]] bool wait_for_lines(std::size_t count) const;

 private:
  const std::string auditd_, shim_, folder_;
  int reserved_ = -1;  // a socket that is bound to the port and does not listen
  std::uint16_t port_ = 0;
  std::unique_ptr<Program> program_;
};

}  // namespace naudit::tests
