// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace naudit::daemon {

// Keeps the rights that the process has now: capabilities, no_new_privs and Landlock belong to a thread, and a thread
// has those of the one that started it (capabilities(7), prctl(2), landlock(7)). So a thread that is started before the
// process gives its rights up, and does nothing but to start others, can still start one that has them: for auditd's
// plugins, which expect root's.
//
// Made on the main thread, before it gives anything up. start() may be called by any thread for as long as this lives.
class KeptRights {
 public:
  KeptRights();
  KeptRights(const KeptRights&) = delete;
  KeptRights& operator=(const KeptRights&) = delete;
  ~KeptRights();

  // Starts a thread of this name with these rights; waits until it is started, which takes no disk.
  std::thread start(const char* name, std::function<void()> run);

 private:
  struct Order {
    const char* name;
    std::function<void()> run;
    std::thread made;
    bool is_done = false;
  };
  void serve();

  std::mutex mutex_;
  std::condition_variable changed_;
  Order* order_ = nullptr;
  bool ends_ = false;
  std::thread thread_;
};

}  // namespace naudit::daemon
