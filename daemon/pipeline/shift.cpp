// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/pipeline/shift.hpp"

namespace naudit::daemon {

std::uint64_t Shift::lend() {
  const std::uint64_t lent = state_.fetch_add(1, std::memory_order_seq_cst) + 1;
  // In this order here, and the other way round there: one of the two sees what the other has done.
  if (asleep_.load(std::memory_order_seq_cst)) {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    changed_.notify_all();
  }
  return lent;
}

bool Shift::take_back(std::uint64_t lent) noexcept {
  return state_.compare_exchange_strong(lent, lent + 1, std::memory_order_acq_rel);
}

bool Shift::stand_by() {
  std::unique_lock lock(mutex_);
  std::uint64_t seen = state_.load(std::memory_order_acquire);
  int quiet = 0;
  while (!ended_) {
    if (quiet < kQuietLooks) {
      changed_.wait_for(lock, look_, [this] { return ended_; });
    } else {
      woken_ = false;
      asleep_.store(true, std::memory_order_seq_cst);
      if (state_.load(std::memory_order_seq_cst) == seen) changed_.wait(lock, [this] { return ended_ || woken_; });
      asleep_.store(false, std::memory_order_relaxed);
      quiet = 0;
    }
    std::uint64_t now = state_.load(std::memory_order_acquire);
    if (now != seen) {
      seen = now;
      quiet = 0;
    } else if (now % 2 == 0) {
      ++quiet;
    } else if (!ended_ && state_.compare_exchange_strong(now, now + 1, std::memory_order_acq_rel)) {
      return true;
    }
  }
  return false;
}

void Shift::end() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

}  // namespace naudit::daemon
