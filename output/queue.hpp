// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "base/counter.hpp"
#include "config/config.hpp"
#include "output/batch.hpp"

namespace naudit::output {

// Events that had to go because a queue was full: how many, and the range of their ids.
struct QueueLoss {
  std::uint64_t events = 0;
  std::string first_id, last_id;
};

struct QueueStatus {
  std::uint64_t events_in = 0;
  std::uint64_t events_dropped = 0;
  std::uint64_t queue_bytes = 0;  // queued and taken, not yet released
  std::uint64_t queue_bytes_most = 0;
  std::uint64_t queue_age_seconds = 0;
};

// A sink shows these as its own; `events_dropped` then holds what the sink itself gave up, too.
inline constexpr auto kQueueCounters = std::to_array<base::CounterRow<QueueStatus>>({
    {{"events_in", "events", base::CounterKind::kCounter, "that were for this sink"}, &QueueStatus::events_in},
    {{"events_dropped", "events", base::CounterKind::kCounter,
      "lost: by the queue's policy, refused by the server for good, or left when the sink stopped"},
     &QueueStatus::events_dropped},
    {{"queue_bytes", "bytes", base::CounterKind::kGauge, "that wait, or are on their way and not yet taken"},
     &QueueStatus::queue_bytes},
    {{"queue_bytes_most", "bytes", base::CounterKind::kGauge, "that ever waited at a time"},
     &QueueStatus::queue_bytes_most},
    {{"queue_age_seconds", "seconds", base::CounterKind::kGauge, "for which the oldest event has waited"},
     &QueueStatus::queue_age_seconds},
});

// What waits for one sink: a bounded number of bytes, and of events if that is wanted, in batches in the order of their
// making.
//
// One producer (the encode thread), one consumer (the sink's thread). The bounds cover what is queued and what the
// consumer has taken and not yet released. Whole batches are dropped. One batch is always accepted by an empty queue,
// and the newest always by `drop_oldest`, so a bound may be passed by the size of one batch.
//
// The consumer is woken only when it sleeps: take() that finds nothing arms the wake-up, the next batch fires it. A
// first loss wakes it too, so that the loss is told in time. One lock a batch, none an event.
class Queue {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  explicit Queue(config::Queue limits) : limits_(limits) {}

  // Called in place of waking a thread in wait_until(); on the producer's thread. Set before the first push.
  void on_wake(std::function<void()> wake) { wake_ = std::move(wake); }

  // Producer. Waits only under the policy `block`.
  void push(BatchPtr batch);

  // Consumer. Appends the oldest batches to `out`: at least one if there is one, and more while they fit in `at_most`
  // bytes. False, and the wake-up armed, if there is none.
  bool take(std::size_t at_most, std::vector<BatchPtr>& out);
  // Consumer. So many bytes of what it took are out of its hands, the oldest first.
  void release(std::size_t bytes);
  // Consumer. What was dropped since the last call.
  [[nodiscard]] QueueLoss take_loss();
  // Consumer. Sleeps until then, or until it is woken.
  void wait_until(TimePoint deadline);

  // Any thread. Wakes the consumer.
  void poke();
  // Any thread. From now on nobody waits for room; a batch for which there is none is dropped.
  void end_blocking();
  // Consumer. Drops what is queued, and from now on whatever is pushed.
  void finish();
  [[nodiscard]] QueueStatus status(TimePoint now = std::chrono::steady_clock::now()) const;

 private:
  struct Size {
    std::uint64_t bytes = 0;
    std::uint64_t events = 0;
    TimePoint made{};  // of one batch
  };

  [[nodiscard]] bool fits(const Size& more) const noexcept;
  bool make_room(std::unique_lock<std::mutex>& lock, const Size& more);
  void drop(const Batch& batch);
  void drop_oldest();

  const config::Queue limits_;
  std::function<void()> wake_;

  mutable std::mutex mutex_;
  std::condition_variable work_;  // for the consumer
  std::condition_variable room_;  // for the producer
  std::deque<BatchPtr> batches_;
  Size queued_;
  Size held_;                    // by the consumer
  std::deque<Size> held_sizes_;  // of its batches
  std::uint64_t most_ = 0;
  std::uint64_t events_in_ = 0;
  std::uint64_t dropped_ = 0;
  QueueLoss loss_;
  bool armed_ = false;
  bool poked_ = false;
  bool blocking_ended_ = false;
  bool finished_ = false;
};

}  // namespace naudit::output
