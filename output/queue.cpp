// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/queue.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <string_view>
#include <utility>

namespace naudit::output {
namespace {

// "1700000000.123:4"; 0 for what is no id.
std::chrono::milliseconds stamp_of(std::string_view id) {
  std::int64_t seconds = 0, ms = 0;
  const char* const last = id.data() + id.size();
  const auto [point, error] = std::from_chars(id.data(), last, seconds);
  if (error != std::errc{} || point == last || *point != '.') return {};
  const auto [end, bad] = std::from_chars(point + 1, last, ms);
  if (bad != std::errc{} || end - point != 4) return {};
  return std::chrono::seconds{seconds} + std::chrono::milliseconds{ms};
}

}  // namespace

bool Queue::fits(const Size& more) const noexcept {
  const std::uint64_t used = queued_.bytes + held_.bytes;
  if (used == 0) return true;
  const bool has_events = limits_.events == 0 || queued_.events + held_.events + more.events <= limits_.events;
  return has_events && used + more.bytes <= limits_.size;
}

std::string Queue::full_cause() const {
  if (finished_) return finish_cause_;
  std::string cause(kFull);
  if (const std::string behind = behind_ ? behind_() : std::string(); !behind.empty())
    cause.append(" while ").append(behind);
  return cause;
}

void Queue::drop(const Batch& batch, std::string_view cause, Losses& place) {
  dropped_ += batch.events();
  loss_.add(cause, batch.events(), batch.first_id, batch.last_id);
  if (!make_notice_) return;
  untold_ += batch.events();
  place.add(cause, batch.events(), batch.first_id, batch.last_id);
}

void Queue::drop_oldest(std::string_view cause) {
  Entry oldest = std::move(entries_.front());
  queued_.bytes -= oldest.batch->bytes.size();
  queued_.events -= oldest.batch->events();
  entries_.pop_front();
  drop(*oldest.batch, cause, oldest.before);
  next_gap().add_earlier(oldest.before);
  pass_back(std::move(oldest.receipts));
}

// What the consumer still has in its hands came before them.
void Queue::pass_back(std::vector<Receipt> receipts) {
  if (held_sizes_.empty()) return;
  for (Receipt& receipt : receipts) held_sizes_.back().receipts.push_back(std::move(receipt));
}

void Queue::keep(Receipt receipt) {
  const std::lock_guard lock(mutex_);
  if (!entries_.empty())
    entries_.back().receipts.push_back(std::move(receipt));
  else if (!held_sizes_.empty())
    held_sizes_.back().receipts.push_back(std::move(receipt));
}

bool Queue::make_room(std::unique_lock<std::mutex>& lock, const Size& more) {
  if (finished_) return false;
  switch (limits_.when_full) {
    case config::WhenFull::kDropOldest:
      if (fits(more) || entries_.empty()) return true;
      for (const std::string cause = full_cause(); !fits(more) && !entries_.empty();) drop_oldest(cause);
      return true;
    case config::WhenFull::kDropNewest:
      return fits(more);
    case config::WhenFull::kBlock:
      if (blocking_ended_ && !passing_) return fits(more);
      room_.wait(lock, [this, &more] { return blocking_ended_ || passing_ || finished_ || fits(more); });
      return !finished_;
  }
  return false;
}

void Queue::push(BatchPtr batch) {
  {
    std::unique_lock lock(mutex_);
    if (!put(lock, std::move(batch))) return;
    armed_ = false;
    poked_ = true;
  }
  work_.notify_one();
  if (wake_) wake_();
}

bool Queue::push_unannounced(BatchPtr batch) {
  std::unique_lock lock(mutex_);
  return put(lock, std::move(batch));
}

// True if the consumer is to be woken.
bool Queue::put(std::unique_lock<std::mutex>& lock, BatchPtr batch) {
  if (batch->events() == 0) return false;
  const Size more{batch->bytes.size(), batch->events()};
  events_in_ += batch->events();
  const bool first_loss = loss_.empty();
  if (make_room(lock, more)) {
    entries_.push_back({std::move(batch), std::exchange(after_, {})});
    queued_.bytes += more.bytes;
    queued_.events += more.events;
    most_ = std::max(most_, queued_.bytes + held_.bytes);
  } else {
    drop(*batch, full_cause(), after_);
  }
  return (armed_ && !entries_.empty()) || (first_loss && !loss_.empty() && !finished_);
}

void Queue::hold(BatchPtr batch, std::vector<BatchPtr>& out, std::vector<Receipt> receipts) {
  const Size size{batch->bytes.size(), batch->tells ? 0 : batch->events(), batch->made, stamp_of(batch->first_id)};
  held_sizes_.push_back({size, std::move(receipts)});
  held_.bytes += size.bytes;
  held_.events += size.events;
  out.push_back(std::move(batch));
}

// False: nothing is to be told, or it is not yet the time.
bool Queue::tell(Losses& gap, TimePoint made, std::vector<BatchPtr>& out) {
  if (gap.empty() || !make_notice_) return false;
  if (not_before_ != TimePoint::min() && std::chrono::steady_clock::now() < not_before_) return false;
  for (const Loss& loss : gap.list()) {
    total_ += loss.events;
    in_notices_.push_back(loss);
    auto notice = std::make_shared<Batch>(*make_notice_(loss, total_));
    notice->tells = loss;
    notice->made = made;
    hold(std::move(notice), out);
  }
  gap.clear();
  return true;
}

bool Queue::take(std::size_t at_most, std::vector<BatchPtr>& out) {
  const std::lock_guard lock(mutex_);
  if (entries_.empty()) {
    armed_ = true;
    if (after_.empty()) return false;
    return tell(after_, std::chrono::steady_clock::now(), out);
  }
  armed_ = false;
  std::size_t taken = 0;
  do {
    const std::size_t bytes = entries_.front().batch->bytes.size();
    if (taken > 0 && taken + bytes > at_most) break;
    taken += bytes;
    Entry entry = std::move(entries_.front());
    entries_.pop_front();
    // What may not be told yet is told before what comes next.
    if (!entry.before.empty() && !tell(entry.before, entry.batch->made, out)) next_gap().add_earlier(entry.before);
    queued_.bytes -= bytes;
    queued_.events -= entry.batch->events();
    hold(std::move(entry.batch), out, std::move(entry.receipts));
  } while (!entries_.empty());
  return true;
}

std::vector<Receipt> Queue::release(std::size_t bytes, std::chrono::system_clock::time_point now) {
  const auto since_1970 = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch());
  std::size_t batches = 0;
  std::vector<Receipt> receipts;
  {
    const std::lock_guard lock(mutex_);
    held_.bytes -= std::min<std::uint64_t>(held_.bytes, bytes);
    while (!held_sizes_.empty() && held_sizes_.front().bytes <= bytes) {
      bytes -= held_sizes_.front().bytes;
      Held& done = held_sizes_.front();
      std::ranges::move(done.receipts, std::back_inserter(receipts));
      if (done.events > 0 && done.stamp.count() > 0) latency_.add(since_1970 - done.stamp, done.events);
      held_.events -= done.events;
      if (done.events > 0 && !keeps_rest_) ++batches;  // a notice counts no events
      held_sizes_.pop_front();
    }
    // A batch counts until the last of its events is gone.
    if (!held_sizes_.empty()) held_sizes_.front().bytes -= bytes;
  }
  room_.notify_one();
  if (batches > 0 && on_release_) on_release_(batches);
  return receipts;
}

Losses Queue::take_loss() {
  const std::lock_guard lock(mutex_);
  return std::exchange(loss_, {});
}

void Queue::lost(const Loss& loss) {
  const std::lock_guard lock(mutex_);
  if (!make_notice_) return;
  untold_ += loss.events;
  Losses earlier;
  earlier.add(loss.cause, loss.events, loss.first_id, loss.last_id);
  next_gap().add_earlier(earlier);
}

void Queue::end_notice(const Loss& loss) {
  const auto found = std::ranges::find(in_notices_, loss);
  if (found != in_notices_.end()) in_notices_.erase(found);
}

void Queue::told(const Loss& loss) {
  const std::lock_guard lock(mutex_);
  end_notice(loss);
  untold_ -= std::min(untold_, loss.events);
  not_before_ = TimePoint::min();
  tell_again_ = kTellAgain;
}

void Queue::untold(const Loss& loss) {
  const std::lock_guard lock(mutex_);
  end_notice(loss);
  total_ -= std::min(total_, loss.events);
  Losses earlier;
  earlier.add(loss.cause, loss.events, loss.first_id, loss.last_id);
  next_gap().add_earlier(earlier);
  not_before_ = std::chrono::steady_clock::now() + tell_again_;
  tell_again_ = std::min(tell_again_ * 2, kTellAgainMost);
}

Queue::TimePoint Queue::notice_due() const {
  const std::lock_guard lock(mutex_);
  if (!make_notice_ || !entries_.empty() || after_.empty()) return TimePoint::max();
  return not_before_;
}

void Queue::carry(const Losses& losses) {
  {
    const std::lock_guard lock(mutex_);
    if (!make_notice_ || losses.empty()) return;
    untold_ += losses.events();
    next_gap().add_earlier(losses);
  }
  poke();
  if (wake_) wake_();
}

Losses Queue::untold_losses() const {
  const std::lock_guard lock(mutex_);
  Losses all;
  if (untold_ == 0) return all;
  for (const Loss& loss : in_notices_) all.add(loss.cause, loss.events, loss.first_id, loss.last_id);
  for (const Entry& entry : entries_) all.add(entry.before);
  all.add(after_);
  return all;
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

void Queue::let_pass(bool pass) {
  {
    const std::lock_guard lock(mutex_);
    passing_ = pass;
  }
  room_.notify_all();
}

void Queue::lose(const Losses& losses) {
  if (losses.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    dropped_ += losses.events();
    loss_.add(losses);
    if (make_notice_) {
      untold_ += losses.events();
      after_.add(losses);
    }
  }
  poke();
  if (wake_) wake_();
}

void Queue::keep_rest() {
  const std::lock_guard lock(mutex_);
  keeps_rest_ = true;
}

void Queue::finish(std::string_view cause) {
  {
    const std::lock_guard lock(mutex_);
    if (keeps_rest_) {
      Losses gaps;
      for (const Entry& entry : entries_) gaps.add(entry.before);
      gaps.add(after_);
      after_ = std::move(gaps);
      entries_.clear();
      queued_ = {};
    }
    while (!entries_.empty()) drop_oldest(cause);
    finish_cause_ = cause;
    finished_ = true;
  }
  room_.notify_all();
}

QueueStatus Queue::status(TimePoint now) const {
  const std::lock_guard lock(mutex_);
  QueueStatus status{.events_in = events_in_,
                     .events_dropped = dropped_,
                     .events_untold = untold_,
                     .queue_bytes = queued_.bytes + held_.bytes,
                     .queue_events = queued_.events + held_.events,
                     .queue_bytes_most = most_,
                     .queue_age_seconds = 0,
                     .latency = latency_};
  if (held_sizes_.empty() && entries_.empty()) return status;
  const TimePoint oldest = held_sizes_.empty() ? entries_.front().batch->made : held_sizes_.front().made;
  const auto age = std::chrono::duration_cast<std::chrono::seconds>(now - oldest).count();
  status.queue_age_seconds = static_cast<std::uint64_t>(std::max<decltype(age)>(age, 0));
  return status;
}

}  // namespace naudit::output
