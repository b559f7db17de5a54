// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/loopback_server.hpp"

namespace naudit::tests {

// A server of auditd's remote protocol that answers what a test wants, and takes nothing that audisp-remote would not
// send.
class AuditdServer {
 public:
  struct Message {
    std::size_t connection = 0;  // counted from 1
    std::size_t records = 0;     // of this connection, with this one
    bool is_heartbeat = false;
    std::uint32_t sequence = 0;
    std::string text;
  };
  // The bytes that it sends then; nothing: it hangs up. On the connection's thread.
  using Answer = std::function<std::optional<std::string>(const Message&)>;

  // An acknowledgement.
  static std::string ack(const Message& message);
  static std::string answer_of(const Message& message, std::uint32_t type, const std::string& text = {});

  explicit AuditdServer(Answer answer = ack, const std::optional<LoopbackServer::Tls>& tls = {});
  AuditdServer(const AuditdServer&) = delete;
  AuditdServer& operator=(const AuditdServer&) = delete;
  ~AuditdServer();

  [[nodiscard]] std::string address() const { return server_.address(); }
  // All that came, answered or not.
  [[nodiscard]] std::vector<std::string> records() const;
  [[nodiscard]] std::size_t heartbeats() const;
  [[nodiscard]] std::size_t connections() const;
  [[nodiscard]] std::string wrong() const;

 private:
  void serve(LoopbackServer::Stream& stream);

  const Answer answer_;
  mutable std::mutex mutex_;
  std::vector<std::string> records_;
  std::size_t heartbeats_ = 0, connections_ = 0;
  std::string wrong_;
  LoopbackServer server_;
};

}  // namespace naudit::tests
