// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/loopback_server.hpp"

namespace naudit::tests {

// A receiver of auditdistd's protocol that takes nothing that is not exactly that, and keeps the trails of one sender
// in a folder: another one of the same folder goes on where this has ended.
class AuditdistdReceiver {
 public:
  struct Options {
    std::string folder;
    std::string name = "web1", password = "s3cret";
    std::optional<LoopbackServer::Tls> tls = {};
    std::uint16_t port = 0;
    // Of the n-th connection so many bytes are read, and then it is closed, in the middle of a packet or not.
    std::vector<std::size_t> reads = {};
    bool acks_last = false;          // of a connection that is closed behind a packet: its acknowledgement still goes
    std::size_t answers_from = 1;    // packets are acknowledged when so many are there, and when a trail is closed
    std::uint16_t refuses_with = 0;  // the first APPEND is refused that way
    bool big_endian = false;         // acknowledgements
    bool lies = false;               // it answers the sender's challenge with something else
  };

  explicit AuditdistdReceiver(Options options);
  AuditdistdReceiver(const AuditdistdReceiver&) = delete;
  AuditdistdReceiver& operator=(const AuditdistdReceiver&) = delete;
  ~AuditdistdReceiver();

  LoopbackServer& server() noexcept { return server_; }
  [[nodiscard]] std::string remote() const { return (options_.tls ? "tls://" : "tcp://") + server_.address(); }
  // What the sender did wrong; empty: nothing.
  [[nodiscard]] std::string wrong() const;
  [[nodiscard]] std::size_t keepalives() const;
  [[nodiscard]] std::size_t most_waiting() const;
  // What was appended over all connections.
  [[nodiscard]] std::size_t trail_bytes() const;
  // The trails by their names.
  [[nodiscard]] std::map<std::string, std::string> trails() const;
  // False after a minute.
  bool wait_for_closed(std::size_t count);
  bool wait_for_trail_bytes(std::size_t count);
  bool wait_for_keepalives(std::size_t count);

 private:
  struct Session;
  void serve(LoopbackServer::Stream& stream);
  std::uint16_t handle(Session& session, std::uint8_t command, const std::string& data);
  [[nodiscard]] std::string newest() const;

  const Options options_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::mutex folder_;  // one connection at a time
  std::string wrong_;
  std::string last_challenge_;
  std::size_t connections_ = 0, keepalives_ = 0, most_waiting_ = 0, closed_ = 0, trail_bytes_ = 0;
  bool has_refused_ = false;
  LoopbackServer server_;
};

}  // namespace naudit::tests
