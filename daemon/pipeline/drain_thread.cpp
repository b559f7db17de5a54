// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/pipeline/drain_thread.hpp"

#include <sys/prctl.h>

#include <algorithm>
#include <future>
#include <thread>
#include <utility>

namespace naudit::daemon {
namespace {

using std::chrono::steady_clock;

// How long to leave the records in the socket when the hand-off is full.
constexpr std::chrono::milliseconds kWhenFull{1};
constexpr std::size_t kPooledEvents = 2048;
// A batch is handed on, and worked off, when it has so many records: while it is in the processor's caches.
constexpr std::size_t kBatchRecords = 256;
// After so many batches without finding the socket empty this thread is behind, and two processors are better than one.
constexpr int kMostHere = 32;
// Beyond the time that a stop was given.
constexpr std::chrono::milliseconds kGrace{200};
// Being so late tells that this thread, or the whole machine, stood still.
constexpr std::chrono::milliseconds kStoodStill{200};

correlate::Correlator::Options options_of(const config::Events& events) {
  return {.source = correlate::Source::kLive,
          .quiet = events.quiet,
          .timeout = events.timeout,
          .max_open = events.max_open,
          .max_open_bytes = events.max_open_bytes};
}

}  // namespace

DrainThread::DrainThread(const netlink::EventSocket& socket, const config::Events& events, Handoff& handoff,
                         Handlers handlers)
    : handoff_(handoff),
      socket_(socket.fd()),
      receiver_(socket.fd(), socket.senders(),
                {.on_records = [this](auto records, auto now) { on_records(records, now); },
                 .on_registration = std::move(handlers.on_registration),
                 .on_replace = std::move(handlers.on_replace),
                 .on_error =
                     [this](std::error_code error) {
                       counters_.receive_error.store(error.value(), std::memory_order_relaxed);
                     }},
                events.pause),
      pool_(kPooledEvents),
      correlator_(options_of(events), pool_),
      gaps_(events.timeout),
      batch_(handoff_.take_empty(pool_)),
      work_here_(std::move(handlers.work_here)) {
  gaps_.set_most_behind(events.max_out_of_order);
}

DrainThread::~DrainThread() {
  if (threads_.empty()) return;
  order([this] { ended_ = true; });
  end_threads();
}

void DrainThread::start() {
  for (const bool on_duty : {true, false})
    threads_.emplace_back(
        on_duty ? "naudit-drain" : "naudit-drain-2",
        [this, shift = shift_, work_here = work_here_, on_duty] { take_turns(*this, *shift, work_here, on_duty); });
}

void DrainThread::take_turns(DrainThread& self, Shift& shift, const WorkHere& work_here, bool on_duty) {
  // 50 us by default, which a pause of a millisecond would be longer by.
  ::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
  while (on_duty || shift.stand_by()) {
    // What the late one has encoded and not written is for the encode thread.
    if (!on_duty) self.handoff_.wake();
    if (self.serve(shift, work_here)) return shift.end();
    on_duty = false;
  }
}

// True: all is over. False: the other one has taken the duty over, and may end it and destroy `this` at any time.
bool DrainThread::serve(Shift& shift, const WorkHere& work_here) {
  while (true) {
    if (has_orders_.load(std::memory_order_acquire)) take_orders();
    if (ended_) return true;
    const bool was_waiting = waiting_;
    const bool is_more = !was_waiting && receiver_.receive();
    if (is_more && gathered_ < kBatchRecords) continue;
    gathered_ = 0;
    age();
    hand_on();
    if (!work_off(!is_more, shift, work_here)) return false;
    if (is_more || (was_waiting && !waiting_)) continue;
    in_a_row_ = 0;
    sleep();
  }
}

// False: the duty was lost meanwhile.
bool DrainThread::work_off(bool is_last, Shift& shift, const WorkHere& work_here) {
  if (!std::exchange(handed_on_, false) && !(is_last && has_unwritten_)) return true;
  has_unwritten_ = !is_last;
  if (++in_a_row_ > kMostHere) {
    has_unwritten_ = false;
    handoff_.wake();
    return true;
  }
  const std::uint64_t lent = shift.lend();
  work_here(is_last);
  return shift.take_back(lent);
}

void DrainThread::end_threads() {
  const auto deadline = steady_clock::now() + kGrace;
  for (output::OwnThread& thread : threads_)
    if (!thread.end_by(deadline)) left_behind_ = true;
  threads_.clear();
}

void DrainThread::set_options(const config::Events& events) {
  order([this, options = options_of(events), most_behind = events.max_out_of_order] {
    correlator_.set_options(options);
    gaps_.set_timeout(options.timeout);
    gaps_.set_most_behind(most_behind);
  });
}

void DrainThread::begin_at(std::uint32_t next, bool has_own, const std::vector<std::uint32_t>& came) {
  gaps_.begin_at(next, has_own);
  for (const std::uint32_t serial : came) gaps_.note(serial, steady_clock::now());
  // Behind the end of that run these cannot come any more.
  gaps_.give_up();
}

void DrainThread::take_gaps(std::function<void(const correlate::SerialGaps::Found&)> then) {
  order([this, then = std::move(then)] {
    if (const auto found = gaps_.take_found()) then(*found);
  });
}

void DrainThread::on_records(std::span<const netlink::Record> records, correlate::TimePoint now) {
  gathered_ += records.size();
  for (const netlink::Record& record : records) {
    const correlate::Input input{.type = record.type, .text = record.text, .node = {}, .name = {}};
    correlate::Header header;
    if (!headers_.read(record.text, header)) {
      correlator_.add(input, now, *batch_);
      continue;
    }
    gaps_.note(header.id.serial, now);
    correlator_.add(input, header, now, *batch_);
  }
  gaps_.publish();
}

void DrainThread::hand_on() {
  if (batch_->empty()) return;
  if (handoff_.push(batch_)) {
    batch_ = handoff_.take_empty(pool_);
    handed_on_ = true;
    waiting_ = false;
  } else if (!std::exchange(waiting_, true)) {
    counters_.handoff_full.add(1);
    handoff_.wake();
  }
}

std::optional<correlate::TimePoint> DrainThread::next_due() const {
  const std::optional<correlate::TimePoint> due = correlator_.next_due();
  const std::optional<correlate::TimePoint> gap = gaps_.next_due();
  return due && gap ? std::min(*due, *gap) : due ? due : gap;
}

void DrainThread::age() {
  const auto due = next_due();
  const auto now = waiting_ ? steady_clock::now() : receiver_.now();
  if (!due || now < *due) return;
  // What is missing may lie in the socket, as long as nobody reads that.
  if (waiting_ || now - *due > kStoodStill) gaps_.restart(now);
  correlator_.age(now, *batch_);
  gaps_.age(now);
}

void DrainThread::sleep() {
  if (waiting_) return wakeup_.sleep(kWhenFull);
  const auto due = next_due();
  const std::chrono::nanoseconds until_due = due ? *due - steady_clock::now() : steady_clock::duration::max();
  const std::chrono::nanoseconds pause = receiver_.pause();
  if (pause.count() == 0)
    wakeup_.sleep(until_due, socket_);
  else
    wakeup_.sleep(std::min(pause, until_due));
}

void DrainThread::order(std::function<void()> order) {
  {
    const std::lock_guard lock(mutex_);
    orders_.push_back(std::move(order));
  }
  has_orders_.store(true, std::memory_order_release);
  wakeup_.wake();
}

void DrainThread::take_orders() {
  has_orders_.store(false, std::memory_order_relaxed);
  std::vector<std::function<void()>> orders;
  {
    const std::lock_guard lock(mutex_);
    orders.swap(orders_);
  }
  for (const auto& order : orders) order();
}

std::optional<correlate::SerialGaps::Found> DrainThread::stop(std::chrono::milliseconds at_most) {
  if (threads_.empty()) return std::nullopt;
  std::promise<void> finished;
  order([this, &finished, deadline = steady_clock::now() + at_most] {
    finish(deadline);
    finished.set_value();
  });
  finished.get_future().wait();
  end_threads();
  return gaps_.take_found();
}

void DrainThread::finish(steady_clock::time_point deadline) {
  receiver_.drain_rest(deadline);
  correlator_.flush(correlate::Incomplete::kStopped, *batch_);
  gaps_.give_up();
  // The encode thread is still there and makes room.
  while (!batch_->empty() && steady_clock::now() < deadline)
    if (handoff_.push(batch_))
      batch_ = handoff_.take_empty(pool_);
    else
      std::this_thread::sleep_for(kWhenFull);
  handoff_.wake();
  ended_ = true;
}

}  // namespace naudit::daemon
