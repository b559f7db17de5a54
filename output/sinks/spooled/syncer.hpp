// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/thread.hpp"
#include "output/spool/spool.hpp"

namespace naudit::output {

// Runs the syncs of a spool on a thread of its own, so that what comes in is written meanwhile.
//
// Owner: the spool's worker; its thread starts with the first job.
class SpoolSyncer {
 public:
  struct Result {
    Spool::SyncJob job;
    int code = 0;
  };

  // `on_done` is called on the syncer's thread, and must only wake somebody.
  SpoolSyncer(Disk& disk, std::function<void()> on_done) : disk_(disk), on_done_(std::move(on_done)) {}
  SpoolSyncer(const SpoolSyncer&) = delete;
  SpoolSyncer& operator=(const SpoolSyncer&) = delete;
  ~SpoolSyncer() { end(); }

  // One at a time: the result is taken before the next one.
  void start(Spool::SyncJob job) {
    {
      const std::lock_guard lock(mutex_);
      job_ = std::move(job);
      is_busy_ = true;
    }
    if (thread_.joinable())
      wanted_.notify_one();
    else
      thread_ = base::start_thread("naudit-spsync", [this] { run(); });
  }
  [[nodiscard]] bool is_busy() const {
    const std::lock_guard lock(mutex_);
    return is_busy_;
  }
  std::optional<Result> take_result() {
    const std::lock_guard lock(mutex_);
    if (result_) is_busy_ = false;
    return std::exchange(result_, std::nullopt);
  }
  [[nodiscard]] std::uint64_t calls() const {
    const std::lock_guard lock(mutex_);
    return calls_;
  }
  // Waits for the sync that is under way, for as long as the disk takes.
  void end() {
    {
      const std::lock_guard lock(mutex_);
      is_ending_ = true;
    }
    wanted_.notify_one();
    if (thread_.joinable()) thread_.join();
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      wanted_.wait(lock, [this] { return is_ending_ || job_; });
      if (!job_) return;
      Result result{*std::exchange(job_, std::nullopt), 0};
      lock.unlock();
      std::uint64_t calls = 0;
      result.code = Spool::run_sync(disk_, result.job, calls);
      lock.lock();
      calls_ += calls;
      result_ = std::move(result);
      lock.unlock();
      on_done_();
      lock.lock();
    }
  }

  Disk& disk_;
  const std::function<void()> on_done_;
  mutable std::mutex mutex_;
  std::condition_variable wanted_;
  std::optional<Spool::SyncJob> job_;
  std::optional<Result> result_;
  std::uint64_t calls_ = 0;
  bool is_busy_ = false;
  bool is_ending_ = false;
  std::thread thread_;
};

}  // namespace naudit::output
