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
#include <string_view>
#include <vector>

#include "base/counter.hpp"
#include "base/histogram.hpp"
#include "config/config.hpp"
#include "output/batch.hpp"
#include "output/loss.hpp"
#include "output/receipt.hpp"

namespace naudit::output {

struct QueueStatus {
  std::uint64_t events_in = 0;
  std::uint64_t events_dropped = 0;
  std::uint64_t events_untold = 0;
  std::uint64_t queue_bytes = 0;   // queued and taken, not yet released
  std::uint64_t queue_events = 0;  // the same
  std::uint64_t queue_bytes_most = 0;
  std::uint64_t queue_age_seconds = 0;
  base::Histogram latency;
};

// A sink shows these as its own; `events_dropped` then holds what the sink itself gave up, too.
inline constexpr auto kQueueCounters = std::to_array<base::CounterRow<QueueStatus>>({
    {{"events_in", "events", base::CounterKind::kCounter, "that were for this sink"}, &QueueStatus::events_in},
    {{"events_dropped", "events", base::CounterKind::kCounter,
      "lost: by the queue's policy, refused by the server for good, or left when the sink stopped"},
     &QueueStatus::events_dropped},
    {{"events_untold", "events", base::CounterKind::kGauge, "lost, and not yet told in the sink's own stream"},
     &QueueStatus::events_untold},
    {{"queue_bytes", "bytes", base::CounterKind::kGauge, "that wait, or are on their way and not yet taken"},
     &QueueStatus::queue_bytes},
    {{"queue_events", "events", base::CounterKind::kGauge, "that wait, or are on their way and not yet taken"},
     &QueueStatus::queue_events},
    {{"queue_bytes_most", "bytes", base::CounterKind::kGauge, "that ever waited at a time"},
     &QueueStatus::queue_bytes_most},
    {{"queue_age_seconds", "seconds", base::CounterKind::kGauge, "for which the oldest event has waited"},
     &QueueStatus::queue_age_seconds},
});

inline constexpr auto kQueueHistograms = std::to_array<base::HistogramRow<QueueStatus>>({
    {{"latency", "seconds", base::CounterKind::kCounter,
      "from an event's stamp until the sink had delivered it, or given it up; all events of a batch as its first"},
     &QueueStatus::latency},
});

// What waits for one sink: a bounded number of bytes, and of events if that is wanted, in batches in the order of their
// making.
//
// One producer (the encode thread), one consumer (the sink's thread). The bounds cover what is queued and what the
// consumer has taken and not yet released. Whole batches are dropped. One batch is always accepted by an empty queue,
// and the newest always by `drop_oldest`, so a bound may be passed by the size of one batch.
//
// What is lost is remembered beside the queue, at the place where it is missing, so that news of a loss need no room:
// take() gives a notice of it before the first batch behind the gap, as often as it takes until one is delivered.
//
// The consumer is woken only when it sleeps: take() that finds nothing arms the wake-up, the next batch fires it. A
// first loss wakes it too, so that the loss is told in time. One lock a batch, none an event.
class Queue {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  // A notice of this loss, as one event of the sink's stream. `total`: events whose loss the stream has been told, with
  // these. Consumer's thread, under the queue's lock: it must not call the queue.
  using MakeNotice = std::function<BatchPtr(const Loss& loss, std::uint64_t total)>;
  // A notice that was refused is tried again after so long, which doubles up to the second.
  static constexpr std::chrono::seconds kTellAgain{1};
  static constexpr std::chrono::seconds kTellAgainMost{60};
  static constexpr std::string_view kFull = "queue full";

  explicit Queue(config::Queue limits) : limits_(limits) {}

  // All three are set before the first push.
  // Called in place of waking a thread in wait_until(); on the producer's thread.
  void on_wake(std::function<void()> wake) { wake_ = std::move(wake); }
  // Without it nothing is told in the stream.
  void on_notice(MakeNotice make) { make_notice_ = std::move(make); }
  // What keeps the consumer from its work ("disk full"), or nothing: the cause behind a full queue. Producer's thread,
  // under the queue's lock, once for each batch that is dropped.
  void on_drop(std::function<std::string()> behind) { behind_ = std::move(behind); }
  // Called behind each release() that is the last of so many batches, on the consumer's thread: they were delivered, or
  // lost and counted. A spool moves its position by that.
  void on_release(std::function<void(std::size_t batches)> done) { on_release_ = std::move(done); }

  // Producer. Waits only under the policy `block`.
  void push(BatchPtr batch);
  // The same, but wakes nobody: true if the consumer sleeps and would have been woken.
  [[nodiscard]] bool push_unannounced(BatchPtr batch);
  // Producer. Keeps it until everything that was pushed before is released, or dropped.
  void keep(Receipt receipt);

  // Consumer. Appends the oldest batches to `out`: at least one if there is one, and more while they fit in `at_most`
  // bytes, each behind the notices of what is missing before it. False, and the wake-up armed, if there is nothing.
  bool take(std::size_t at_most, std::vector<BatchPtr>& out);
  // Consumer. So many bytes of what it took are out of its hands, the oldest first: where there is a spool, nothing of
  // them is kept. Gives the receipts that were kept for it, to be let go of when it is accepted.
  std::vector<Receipt> release(std::size_t bytes,
                               std::chrono::system_clock::time_point now = std::chrono::system_clock::now());
  // Consumer. What was dropped since the last call.
  [[nodiscard]] Losses take_loss();
  // Consumer. It has itself lost events that it had taken: to be told before what it takes next.
  void lost(const Loss& loss);
  // Consumer. A notice was delivered.
  void told(const Loss& loss);
  // Consumer. A notice was not delivered, and never will be: it is made again, but not at once.
  void untold(const Loss& loss);
  // Consumer. When take() has a notice again that it holds back now; time_point::max(): there is none.
  [[nodiscard]] TimePoint notice_due() const;
  // Consumer. Sleeps until then, or until it is woken.
  void wait_until(TimePoint deadline);

  // Any thread. Losses of before, of whoever had this place: to be told before what is taken next.
  void carry(const Losses& losses);
  // Any thread. What is lost and not told; a notice that is on its way is not yet told.
  [[nodiscard]] Losses untold_losses() const;
  // Any thread. Wakes the consumer.
  void poke();
  // Any thread. From now on nobody waits for room; a batch for which there is none is dropped.
  void end_blocking();
  // Any thread. While `pass` is set nobody waits for room under the policy `block`: what comes is taken beyond the
  // bound. For as long as something else needs the producer.
  void let_pass(bool pass);
  // Any thread. Events that were lost on the way to this queue, in a spool: counted, and told behind what is queued.
  void lose(const Losses& losses);
  // Consumer. Somebody else keeps what is not delivered at the end: from now on nothing counts as released, and
  // finish() counts nothing as dropped.
  void keep_rest();
  // Consumer. Drops what is queued, and from now on whatever is pushed.
  void finish(std::string_view cause);
  [[nodiscard]] QueueStatus status(TimePoint now = std::chrono::steady_clock::now()) const;

 private:
  struct Size {
    std::uint64_t bytes = 0;
    std::uint64_t events = 0;
    TimePoint made{};                   // of one batch
    std::chrono::milliseconds stamp{};  // of its first event, since 1970; 0: not known
  };
  struct Entry {
    BatchPtr batch;
    Losses before;  // what is missing between the one before and this one
    std::vector<Receipt> receipts = {};
  };
  struct Held : Size {
    std::vector<Receipt> receipts;
  };

  [[nodiscard]] bool fits(const Size& more) const noexcept;
  bool put(std::unique_lock<std::mutex>& lock, BatchPtr batch);
  bool make_room(std::unique_lock<std::mutex>& lock, const Size& more);
  [[nodiscard]] std::string full_cause() const;
  void drop(const Batch& batch, std::string_view cause, Losses& place);
  void drop_oldest(std::string_view cause);
  void pass_back(std::vector<Receipt> receipts);
  Losses& next_gap() noexcept { return entries_.empty() ? after_ : entries_.front().before; }
  bool tell(Losses& gap, TimePoint made, std::vector<BatchPtr>& out);
  void hold(BatchPtr batch, std::vector<BatchPtr>& out, std::vector<Receipt> receipts = {});
  void end_notice(const Loss& loss);

  const config::Queue limits_;
  std::function<void()> wake_;
  MakeNotice make_notice_;
  std::function<std::string()> behind_;
  std::function<void(std::size_t)> on_release_;

  mutable std::mutex mutex_;
  std::condition_variable work_;  // for the consumer
  std::condition_variable room_;  // for the producer
  std::deque<Entry> entries_;
  Losses after_;                 // what is missing behind the last of them
  std::deque<Loss> in_notices_;  // that the consumer has taken and not yet delivered, the oldest first
  Size queued_;
  Size held_;                    // by the consumer
  std::deque<Held> held_sizes_;  // of its batches
  std::uint64_t most_ = 0;
  std::uint64_t events_in_ = 0;
  std::uint64_t dropped_ = 0;
  std::uint64_t untold_ = 0;  // events, notices in the consumer's hands included
  base::Histogram latency_;
  std::uint64_t total_ = 0;  // events, of all notices that are delivered or on their way
  Losses loss_;
  TimePoint not_before_ = TimePoint::min();  // no notice before this
  std::chrono::seconds tell_again_ = kTellAgain;
  std::string finish_cause_;
  bool armed_ = false;
  bool poked_ = false;
  bool blocking_ended_ = false;
  bool passing_ = false;
  bool finished_ = false;
  bool keeps_rest_ = false;
};

}  // namespace naudit::output
