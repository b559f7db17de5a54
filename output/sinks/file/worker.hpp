// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "output/backoff.hpp"
#include "output/in_hand.hpp"
#include "output/sinks/file/file_system.hpp"
#include "output/sinks/file/log_file.hpp"
#include "output/sinks/file/options.hpp"
#include "output/sinks/file/packing/pack_thread.hpp"
#include "output/sinks/file/schedule.hpp"
#include "output/sinks/file/space.hpp"
#include "output/sinks/file/syncer.hpp"
#include "output/sinks/sink_core.hpp"

namespace naudit::output {

// What the file sink's thread does: takes batches, writes, syncs, rotates, and tries again what failed. A thread that
// has just brought a batch may write it itself while all is well, which spares the wake-up; what may take longer is
// left to the sink's own. Shared by the sink and its thread, so that a thread that hangs in the kernel never outlives
// its data.
class FileWorker {
 public:
  using Clock = SinkCore::Clock;

  // `options`: of the file, whatever type of sink it belongs to.
  FileWorker(const config::Sink& sink, FileOptions options, std::unique_ptr<LogFile> file, SinkHost host,
             std::uint64_t seed, FileSystem& system, Retry retry);

  // The thread's whole life.
  void run();

  // Any thread. Whether work_here() can ever spare a wake-up: with `sync: batch` each batch waits for the disk, and a
  // new trail for the name service.
  [[nodiscard]] bool may_be_shared() const noexcept {
    return options_.sync.kind != SyncKind::kBatch && writer_.rotated() != nullptr;
  }
  // Any thread, which may be held by a disk. Writes what waits, or wakes the sink's own thread.
  void work_here();
  void stop_at(Clock::time_point deadline);
  void rotate();
  [[nodiscard]] SinkCore& core() noexcept { return core_; }
  [[nodiscard]] const SinkCore& core() const noexcept { return core_; }
  [[nodiscard]] const std::string& path() const noexcept { return options_.path; }

 private:
  // What a step has left to do: nothing until then (or until somebody pokes the queue), or nothing any more.
  struct Next {
    Clock::time_point at = Clock::time_point::min();
    bool is_end = false;
  };
  Next step();
  bool fetch();
  bool open(Clock::time_point now);
  void deliver(Clock::time_point now);
  void begin_portion(Clock::time_point now);
  bool write_portion(Clock::time_point now);
  bool sync_portion(Clock::time_point now);
  void commit_portion();
  void settle();
  void leave_moved_file();
  void rotate_now(Clock::time_point now);
  LocalTime local(std::chrono::sys_seconds at);
  bool is_over(Clock::time_point now);
  Clock::time_point tend(Clock::time_point now);
  void prune(Clock::time_point now);
  void count_removed();
  void look_at_space(Clock::time_point now);
  std::uint64_t drop_oldest(std::uint64_t bytes, const std::string& why);
  [[nodiscard]] bool is_paused() const noexcept { return space_.is_low() && options_.when_low == WhenLow::kPause; }
  void turn(Clock::time_point now);
  Clock::time_point sync_if_due(Clock::time_point now);
  bool sync();
  void start_sync();
  void note_sync(Clock::time_point now);
  void start_packing();
  void fail(const FileProblem& problem, Clock::time_point now);
  void recover();
  void take_note();
  void end();
  void write_last_words();
  void set_flaw(std::string& which, std::string text);

  const OnSinkChange on_change_;  // for what is no state: files that were removed
  SinkCore core_;
  const FileOptions options_;
  FileSystem& system_;
  const std::unique_ptr<LogFile> file_;
  LogFile& writer_;
  RotationSchedule schedule_;
  ClockWatch clock_;
  SpaceWatch space_;
  FileSyncer syncer_;
  std::optional<PackThread> pack_thread_;
  Backoff backoff_;

  std::atomic<Clock::rep> stop_at_;
  std::atomic<bool> rotate_wanted_ = false;

  std::mutex step_;  // held for a step; what follows belongs to whoever holds it
  Clock::time_point sleeps_until_ = Clock::time_point::max();
  InHand hand_;
  std::vector<BatchPtr> taken_;
  std::size_t written_ = 0;  // bytes of the portion in hand
  std::string rotate_flaw_, prune_flaw_, low_flaw_, sync_flaw_, mode_flaw_,
      pack_flaw_;  // what is amiss while it writes; empty: nothing
  bool healthy_ = false;
  bool dirty_ = false;
  Clock::time_point dirty_since_{};
  Clock::time_point retry_at_ = Clock::time_point::min();
  Clock::time_point looked_at_ = Clock::time_point::min();  // whether the file was moved
  Clock::time_point look_at_space_at_ = Clock::time_point::min();
  Clock::time_point drop_again_at_ = Clock::time_point::min();
  Clock::time_point pruned_at_ = Clock::time_point::min();
  Clock::time_point no_rotation_before_ = Clock::time_point::min();
};

}  // namespace naudit::output
