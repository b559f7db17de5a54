// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/queue.hpp"

#include <algorithm>
#include <utility>

namespace naudit::output {

bool Queue::fits(std::size_t bytes) const noexcept {
  const std::uint64_t used = queued_ + held_;
  return used == 0 || used + bytes <= limits_.size;
}

void Queue::drop(const Batch& batch) {
  dropped_ += batch.events();
  if (loss_.events == 0) loss_.first_id = batch.first_id;
  loss_.events += batch.events();
  loss_.last_id = batch.last_id;
}

void Queue::drop_oldest() {
  drop(*batches_.front());
  queued_ -= batches_.front()->bytes.size();
  batches_.pop_front();
}

bool Queue::make_room(std::unique_lock<std::mutex>& lock, std::size_t bytes) {
  if (finished_) return false;
  switch (limits_.when_full) {
    case config::WhenFull::kDropOldest:
      while (!fits(bytes) && !batches_.empty()) drop_oldest();
      return true;
    case config::WhenFull::kDropNewest:
      return fits(bytes);
    case config::WhenFull::kBlock:
      if (blocking_ended_) return fits(bytes);
      room_.wait(lock, [this, bytes] { return blocking_ended_ || finished_ || fits(bytes); });
      return !finished_;
  }
  return false;
}

void Queue::push(BatchPtr batch) {
  if (batch->events() == 0) return;
  const std::size_t bytes = batch->bytes.size();
  bool wake = false;
  {
    std::unique_lock lock(mutex_);
    events_in_ += batch->events();
    const bool first_loss = loss_.events == 0;
    if (make_room(lock, bytes)) {
      batches_.push_back(std::move(batch));
      queued_ += bytes;
      most_ = std::max(most_, queued_ + held_);
    } else {
      drop(*batch);
    }
    wake = (armed_ && !batches_.empty()) || (first_loss && loss_.events != 0 && !finished_);
    if (wake) {
      armed_ = false;
      poked_ = true;
    }
  }
  if (!wake) return;
  work_.notify_one();
  if (wake_) wake_();
}

bool Queue::take(std::size_t at_most, std::vector<BatchPtr>& out) {
  const std::lock_guard lock(mutex_);
  armed_ = batches_.empty();
  if (armed_) return false;
  std::size_t taken = 0;
  do {
    const std::size_t bytes = batches_.front()->bytes.size();
    if (taken > 0 && taken + bytes > at_most) break;
    taken += bytes;
    out.push_back(std::move(batches_.front()));
    batches_.pop_front();
  } while (!batches_.empty());
  queued_ -= taken;
  held_ += taken;
  return true;
}

void Queue::release(std::size_t bytes) {
  {
    const std::lock_guard lock(mutex_);
    held_ -= std::min<std::uint64_t>(held_, bytes);
  }
  room_.notify_one();
}

QueueLoss Queue::take_loss() {
  const std::lock_guard lock(mutex_);
  return std::exchange(loss_, {});
}

void Queue::wait_until(TimePoint deadline) {
  std::unique_lock lock(mutex_);
  work_.wait_until(lock, deadline, [this] { return poked_; });
  poked_ = false;
}

void Queue::poke() {
  {
    const std::lock_guard lock(mutex_);
    poked_ = true;
  }
  work_.notify_one();
}

void Queue::end_blocking() {
  {
    const std::lock_guard lock(mutex_);
    blocking_ended_ = true;
  }
  room_.notify_all();
}

void Queue::finish() {
  {
    const std::lock_guard lock(mutex_);
    while (!batches_.empty()) drop_oldest();
    finished_ = true;
  }
  room_.notify_all();
}

QueueStatus Queue::status() const {
  const std::lock_guard lock(mutex_);
  return {events_in_, dropped_, queued_ + held_, most_};
}

}  // namespace naudit::output
