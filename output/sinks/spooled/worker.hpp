// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "output/queue.hpp"
#include "output/sink.hpp"
#include "output/sinks/spooled/syncer.hpp"
#include "output/sinks/state_report.hpp"
#include "output/spool/spool.hpp"

namespace naudit::output {

// What the status shows of a spool.
struct SpoolFigures {
  std::uint64_t events_found = 0;  // that the run before had left
  std::uint64_t events_waiting = 0;
  std::uint64_t bytes = 0;
  std::uint64_t age_seconds = 0;
  std::uint64_t damaged = 0;
  std::uint64_t syncs = 0;
  std::uint64_t lost_told = 0;  // of the intake's, that the inner queue counts by now
  std::string problem;          // "spool: cannot sync: Input/output error"; empty: none
};

// Stands between the encode thread and a sink. What comes is written to the spool at once, on a thread of its own, and
// given to the sink: from memory as long as the sink keeps up, else from the spool, as much of it at a time as the
// sink's queue may hold. What the sink releases is confirmed.
//
//   encode thread -> intake (memory) -> spool (file) -> the sink's queue (memory) -> peer
//
// Events are accepted (Receipt) when they are in the file, and with `sync: batch` when that is on the disk.
//
// Only while the disk takes nothing (it is full, it fails, a sync failed) events wait in the intake, whose size and
// policy then decide.
//
// Owner: shared by the sink and its thread, which a disk that hangs may hold for longer than the sink lives.
class SpoolWorker : public std::enable_shared_from_this<SpoolWorker> {
 public:
  using Clock = std::chrono::steady_clock;

  SpoolWorker(const config::Sink& sink, const SinkHost& host, Disk& disk, SpoolOptions options);
  SpoolWorker(const SpoolWorker&) = delete;
  SpoolWorker& operator=(const SpoolWorker&) = delete;

  // Main thread, before run().
  void attach(Queue& queue);
  [[nodiscard]] bool is_attached() const noexcept { return queue_ != nullptr; }
  void set_inner(std::unique_ptr<Sink> inner) { inner_ = std::move(inner); }

  // The thread of its own, until stop_at() and all is written.
  void run();
  // Any thread.
  void stop_at(Clock::time_point deadline);
  [[nodiscard]] Queue& intake() noexcept { return intake_; }
  [[nodiscard]] Sink& inner() noexcept { return *inner_; }
  [[nodiscard]] const Sink& inner() const noexcept { return *inner_; }
  [[nodiscard]] SinkStatus status() const;
  [[nodiscard]] Losses untold() const;
  // Another thread, of one that hangs.
  void abandon();

 private:
  struct InHand {
    Cursor end;
    std::size_t bytes = 0;
  };

  void try_to_open(Clock::time_point now);
  void confirm();
  void take_result(Clock::time_point now);
  bool fetch();
  void store(Clock::time_point now);
  void feed();
  void hand(BatchPtr batch, const Cursor& end);
  void sync(Clock::time_point now);
  void wait_for_sync(Clock::time_point now);
  void tell(Clock::time_point now);
  void pass_on_losses();
  void set_problem(const SpoolProblem& problem, Clock::time_point retry_at);
  void set_well();
  void show();
  void finish();
  [[nodiscard]] bool has_window() const noexcept;
  [[nodiscard]] bool is_stopping() const noexcept { return stop_at_.load() != kNever; }
  [[nodiscard]] bool is_to_end(Clock::time_point now) const;
  [[nodiscard]] Clock::time_point next_time() const;

  static constexpr Clock::rep kNever = Clock::time_point::max().time_since_epoch().count();

  const std::string name_;
  const config::Spool limits_;
  const std::uint64_t window_;
  const OnSinkLoss on_loss_;
  const OnSinkChange on_change_;
  Disk& disk_;
  Queue intake_;
  Queue* queue_ = nullptr;  // the inner sink's
  std::unique_ptr<Sink> inner_;
  Spool spool_;
  SpoolSyncer syncer_;
  StateReport states_;

  std::atomic<std::size_t> released_{0};  // batches
  std::atomic<Clock::rep> stop_at_{kNever};

  bool is_open_ = false;
  bool sync_failed_ = false;      // or is under way, where each batch is synced: nothing is taken
  bool sync_is_problem_ = false;  // that the status tells
  bool was_full_ = false;
  std::vector<BatchPtr> taken_;
  std::deque<BatchPtr> pending_;   // taken from the intake, not yet in the spool
  std::deque<InHand> in_hand_;     // of the inner sink
  std::vector<Receipt> unsynced_;  // of what is in the file, where a sync has to make it safe
  std::size_t in_hand_bytes_ = 0;
  Clock::time_point retry_at_ = Clock::time_point::min();  // of what failed
  Clock::time_point sync_at_ = Clock::time_point::max();
  Clock::time_point expire_at_ = Clock::time_point::min();
  Clock::time_point stop_begun_{};
  std::chrono::milliseconds retry_after_{};

  mutable std::mutex mutex_;
  SpoolFigures figures_;
};

}  // namespace naudit::output
