// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "output/sinks/file/packing/log_packer.hpp"

namespace naudit::output {

// Compresses the rotated files of a log on a thread of its own, which has the least priority there is for the CPU and
// the disk: nobody waits for it.
//
// Owner: the file worker; its thread starts with the first request.
class PackThread {
 public:
  // Files that could not be compressed are tried again after that, or with the next rotation.
  static constexpr std::chrono::seconds kAgainAfter{60};

  // `on_news` is called on the thread when there is a result to take, and must only wake somebody.
  PackThread(FileSystem& system, RotatedFiles& files, Packing packing, std::function<void()> on_news);
  PackThread(const PackThread&) = delete;
  PackThread& operator=(const PackThread&) = delete;
  ~PackThread();

  // There may be something to compress. Returns at once.
  void wake(uid_t owner);
  // Any thread. Returns at once; what is under way ends soon, and nothing is begun.
  void cancel();
  // Waits for that, at most as long as the disk takes. The destructor does it, too: call it on the sink's own thread,
  // which may hang, before anybody else destroys this.
  void end();
  // What the last round could not do, empty if nothing, if there was one since the last call.
  std::optional<std::string> take_news();

 private:
  void run();

  LogPacker packer_;
  const std::function<void()> on_news_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<uid_t> wanted_;
  std::string problem_;
  std::atomic<bool> is_news_ = false;  // asked for at each step of the worker
  std::thread thread_;
};

}  // namespace naudit::output
