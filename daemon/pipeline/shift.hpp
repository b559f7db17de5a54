// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace naudit::daemon {

// Two threads take turns at work that must not stand still. One is on duty, the other stands by. Before the one on duty
// does something that may hang, it lends its duty out, and takes it back afterwards. Where that takes too long, the
// other one has taken the duty over, and the late one stands by in its place.
//
// Owner: shared by both threads and whoever starts them, so that one that hangs never outlives it. Each function says
// who calls it. While nothing is lent out, nobody wakes up.
class Shift {
 public:
  // How often the one that stands by looks: a duty that is lent out for twice as long is taken over.
  static constexpr std::chrono::milliseconds kLook{50};
  // After so many looks at which nothing was lent out since the last, it sleeps until something is.
  static constexpr int kQuietLooks = 20;

  explicit Shift(std::chrono::milliseconds look = kLook) : look_(look) {}

  // On duty. Costs two atomic operations, and a wake-up after a quiet time.
  std::uint64_t lend();
  // The one who was: true, and it is on duty again; false, and it has to stand by.
  [[nodiscard]] bool take_back(std::uint64_t lent) noexcept;
  // Standing by: waits. True: it is on duty now. False: all is over.
  [[nodiscard]] bool stand_by();
  // Any thread: nobody is to stand by any more.
  void end();
  // Any thread: nothing was lent out for a while, and who stands by sleeps.
  [[nodiscard]] bool is_asleep() const noexcept { return asleep_.load(std::memory_order_relaxed); }

 private:
  const std::chrono::milliseconds look_;
  std::atomic<std::uint64_t> state_{0};  // odd: lent out. Grows with every change of hands
  std::atomic<bool> asleep_{false};

  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  bool ended_ = false;
};

}  // namespace naudit::daemon
