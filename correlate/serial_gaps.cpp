// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "correlate/serial_gaps.hpp"

#include <algorithm>
#include <utility>

namespace naudit::correlate {
namespace {

constexpr std::size_t kToldKept = 256;

// Serials wrap: how far `serial` is behind `from`.
constexpr std::uint32_t distance(std::uint32_t from, std::uint32_t serial) {
  return serial - from;
}
constexpr bool is_before(std::uint32_t serial, std::uint32_t other) {
  return static_cast<std::int32_t>(serial - other) < 0;
}

}  // namespace

void SerialGaps::begin_at(std::uint32_t next, bool has_own) noexcept {
  has_begun_ = true;
  if (has_own) own_ = next;
  next_ = next;
  publish();
}

void SerialGaps::take(std::uint32_t serial, TimePoint now) {
  latest_ = serial;
  if (!std::exchange(has_begun_, true)) next_ = serial;
  if (is_before(serial, next_)) {
    // Of an event that came before, usually.
    if (take_out_of(holes_, serial)) return count_late(serial);
    if (!take_out_of(told_, serial)) return;
    counters_.late.add(1);
    return count_late(serial);
  }
  if (serial != next_) {
    if (holes_.size() == kMostHoles) give_up_first(1);
    holes_.push_back({.first = next_, .last = serial - 1, .since = now});
  }
  next_ = serial + 1;
  if (most_behind_ == 0) return;
  while (!holes_.empty() && distance(holes_.front().last, serial) > most_behind_) give_up_first(1);
}

void SerialGaps::count_late(std::uint32_t serial) noexcept {
  counters_.out_of_order.add(1);
  const std::uint64_t lag = distance(serial, next_ - 1);
  if (lag > counters_.worst_lag.value()) counters_.worst_lag.set(lag);
}

// True if it was in one.
bool SerialGaps::take_out_of(Holes& holes, std::uint32_t serial) {
  // The young ones close, as a rule.
  const auto at =
      std::find_if(holes.rbegin(), holes.rend(), [serial](const Hole& hole) { return !is_before(serial, hole.first); });
  if (at == holes.rend() || is_before(at->last, serial)) return false;
  Hole& hole = *at;
  if (hole.first == hole.last) {
    holes.erase(std::next(at).base());
  } else if (serial == hole.first) {
    ++hole.first;
  } else if (serial == hole.last) {
    --hole.last;
  } else {
    Hole rest = hole;
    rest.first = serial + 1;
    hole.last = serial - 1;
    holes.insert(at.base(), rest);
  }
  return true;
}

void SerialGaps::tell(const Hole& hole) {
  std::uint64_t events = std::uint64_t{distance(hole.first, hole.last)} + 1;
  if (own_ == hole.first) --events;
  own_.reset();
  if (events == 0) return;
  counters_.events.add(events);
  counters_.gaps.add(1);
  if (!found_) found_ = Found{.first = hole.first, .last = hole.last, .events = 0, .gaps = 0};
  found_->last = hole.last;
  found_->events += events;
  ++found_->gaps;
  if (told_.size() == kToldKept) told_.erase(told_.begin());
  told_.push_back(hole);
}

void SerialGaps::give_up_first(std::size_t count) {
  const auto end = holes_.begin() + static_cast<std::ptrdiff_t>(count);
  std::for_each(holes_.begin(), end, [this](const Hole& hole) { tell(hole); });
  holes_.erase(holes_.begin(), end);
}

void SerialGaps::age(TimePoint now) {
  const auto young =
      std::ranges::find_if(holes_, [this, now](const Hole& hole) { return hole.since + timeout_ > now; });
  if (young == holes_.begin()) return;
  give_up_first(static_cast<std::size_t>(young - holes_.begin()));
  publish();
}

void SerialGaps::restart(TimePoint now) {
  for (Hole& hole : holes_) hole.since = now;
}

void SerialGaps::give_up() {
  give_up_first(holes_.size());
  publish();
}

std::optional<TimePoint> SerialGaps::next_due() const {
  if (holes_.empty()) return std::nullopt;
  return holes_.front().since + timeout_;
}

std::optional<SerialGaps::Found> SerialGaps::take_found() {
  return std::exchange(found_, std::nullopt);
}

void SerialGaps::publish() noexcept {
  if (!has_begun_) return;
  counters_.next.set(std::uint64_t{next_} + 1);
  counters_.settled.set(std::uint64_t{holes_.empty() ? next_ : holes_.front().first} + 1);
}

}  // namespace naudit::correlate
