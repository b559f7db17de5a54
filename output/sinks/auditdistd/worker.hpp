// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "output/sinks/auditdistd/ledger.hpp"
#include "output/sinks/auditdistd/options.hpp"
#include "output/sinks/auditdistd/protocol.hpp"
#include "output/sinks/auditdistd/source.hpp"
#include "output/sinks/session_worker.hpp"

namespace naudit::output {

// Sends trails over one connection after the other: the handshake, at most kMostDistUnanswered packets that are not
// acknowledged, a keepalive in silence. On the thread of its loop, which waits for the disk.
class DistWorker final : public SessionWorker {
 public:
  // `rotate`: as TrailSource has it; called on the loop's thread.
  DistWorker(boost::asio::io_context& loop, const config::Sink& sink, Dialer::Settings hosts, std::string sender,
             std::string password, std::shared_ptr<TrailLedger> ledger, std::function<void()> rotate, SinkHost host,
             std::uint64_t seed, FileSystem& system);

  // Any thread. Something has changed with the trails.
  void wake();
  // Any thread. Bytes of trails that wait, and that were acknowledged in this life.
  [[nodiscard]] std::uint64_t waiting() const noexcept { return waiting_; }
  [[nodiscard]] std::uint64_t acknowledged() const noexcept { return acknowledged_; }

 private:
  struct Sent {
    std::uint64_t sequence = 0;
    DistCommand command = DistCommand::kKeepalive;
    std::string begin;         // of the trail
    std::uint64_t offset = 0;  // in it
    std::uint64_t bytes = 0;
  };

  void greet() override;
  void take(std::string_view bytes) override;
  void send(Clock::time_point now) override;
  void restart() override;
  [[nodiscard]] std::string overdue() const override;
  [[nodiscard]] bool is_waiting() const override { return !sent_.empty(); }
  void give_up() override;
  [[nodiscard]] bool may_connect() override;
  [[nodiscard]] Clock::time_point send_at() const override;
  [[nodiscard]] std::string explain(const std::string& why) const override;
  [[nodiscard]] bool is_drained() override;

  void on_step(const DistStep& step);
  void on_ack(const DistAck& ack);
  void append(DistCommand command, const TrailSource::Piece& piece, std::string& out);
  void show();

  const std::string name_;
  const AuditdistdOptions options_;
  const std::string sender_;
  std::string password_;
  const std::shared_ptr<TrailLedger> ledger_;
  TrailSource source_;
  std::optional<DistSession> session_;
  std::deque<Sent> sent_;       // not acknowledged, the oldest first
  std::uint64_t sequence_ = 0;  // of the last packet of this connection
  Clock::time_point last_sent_{};
  std::atomic<std::uint64_t> waiting_{0}, acknowledged_{0};
};

}  // namespace naudit::output
