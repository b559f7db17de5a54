// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "output/sinks/file/file_system.hpp"

namespace naudit::output {

// Syncs files on a thread of its own, so that writing goes on meanwhile: a sync of a busy disk takes longer than the
// sink's queue can hold what comes in.
//
// Owner: the file worker; its thread starts with the first request.
class FileSyncer {
 public:
  // `on_done` is called on the syncer's thread after each sync, and must only wake somebody.
  FileSyncer(FileSystem& system, std::function<void()> on_done);
  FileSyncer(const FileSyncer&) = delete;
  FileSyncer& operator=(const FileSyncer&) = delete;
  ~FileSyncer();

  // Takes the descriptor over and closes it when it is synced.
  void sync(int fd);
  // Waits for the syncs that are under way, for as long as the disk takes. The destructor does it, too: call it on the
  // sink's own thread, which may hang, before anybody else destroys this.
  void end();
  // A sync is under way or waits.
  [[nodiscard]] bool is_busy() const;
  // How the syncs since the last call ended, if there was one: 0, or the errno of one that failed.
  std::optional<int> take_result();

 private:
  void run();

  FileSystem& system_;
  std::function<void()> on_done_;
  mutable std::mutex mutex_;
  std::condition_variable wanted_;
  std::vector<int> waiting_;
  std::optional<int> result_;
  bool busy_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace naudit::output
