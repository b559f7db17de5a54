// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/queue.hpp"

#include <algorithm>
#include <utility>

namespace naudit::output {

bool Queue::fits(const Size& more) const noexcept {
  const std::uint64_t used = queued_.bytes + held_.bytes;
  if (used == 0) return true;
  const bool has_events = limits_.events == 0 || queued_.events + held_.events + more.events <= limits_.events;
  return has_events && used + more.bytes <= limits_.size;
}

void Queue::drop(const Batch& batch) {
  dropped_ += batch.events();
  if (loss_.events == 0) loss_.first_id = batch.first_id;
  loss_.events += batch.events();
  loss_.last_id = batch.last_id;
}

void Queue::drop_oldest() {
  drop(*batches_.front());
  queued_.bytes -= batches_.front()->bytes.size();
  queued_.events -= batches_.front()->events();
  batches_.pop_front();
}

bool Queue::make_room(std::unique_lock<std::mutex>& lock, const Size& more) {
  if (finished_) return false;
  switch (limits_.when_full) {
    case config::WhenFull::kDropOldest:
      while (!fits(more) && !batches_.empty()) drop_oldest();
      return true;
    case config::WhenFull::kDropNewest:
      return fits(more);
    case config::WhenFull::kBlock:
      if (blocking_ended_) return fits(more);
      room_.wait(lock, [this, &more] { return blocking_ended_ || finished_ || fits(more); });
      return !finished_;
  }
  return false;
}

void Queue::push(BatchPtr batch) {
  if (batch->events() == 0) return;
  const Size more{batch->bytes.size(), batch->events()};
  bool wake = false;
  {
    std::unique_lock lock(mutex_);
    events_in_ += batch->events();
    const bool first_loss = loss_.events == 0;
    if (make_room(lock, more)) {
      batches_.push_back(std::move(batch));
      queued_.bytes += more.bytes;
      queued_.events += more.events;
      most_ = std::max(most_, queued_.bytes + held_.bytes);
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
    const Size size{bytes, batches_.front()->events(), batches_.front()->made};
    held_sizes_.push_back(size);
    queued_.bytes -= size.bytes;
    queued_.events -= size.events;
    held_.bytes += size.bytes;
    held_.events += size.events;
    out.push_back(std::move(batches_.front()));
    batches_.pop_front();
  } while (!batches_.empty());
  return true;
}

void Queue::release(std::size_t bytes) {
  {
    const std::lock_guard lock(mutex_);
    held_.bytes -= std::min<std::uint64_t>(held_.bytes, bytes);
    while (!held_sizes_.empty() && held_sizes_.front().bytes <= bytes) {
      bytes -= held_sizes_.front().bytes;
      held_.events -= held_sizes_.front().events;
      held_sizes_.pop_front();
    }
    // A batch counts until the last of its events is gone.
    if (!held_sizes_.empty()) held_sizes_.front().bytes -= bytes;
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

QueueStatus Queue::status(TimePoint now) const {
  const std::lock_guard lock(mutex_);
  QueueStatus status{.events_in = events_in_,
                     .events_dropped = dropped_,
                     .queue_bytes = queued_.bytes + held_.bytes,
                     .queue_bytes_most = most_};
  if (held_sizes_.empty() && batches_.empty()) return status;
  const TimePoint oldest = held_sizes_.empty() ? batches_.front()->made : held_sizes_.front().made;
  const auto age = std::chrono::duration_cast<std::chrono::seconds>(now - oldest).count();
  status.queue_age_seconds = static_cast<std::uint64_t>(std::max<decltype(age)>(age, 0));
  return status;
}

}  // namespace naudit::output
