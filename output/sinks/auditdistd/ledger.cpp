// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/auditdistd/ledger.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace naudit::output {

using namespace std::chrono_literals;

void TrailLedger::on_change(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

void TrailLedger::wake() {
  std::function<void()> wake;
  {
    const std::lock_guard lock(mutex_);
    wake = wake_;
  }
  if (wake) wake();
}

TrailLedger::Trail* TrailLedger::find(const std::string& begin) {
  const auto found = std::ranges::find(trails_, begin, &Trail::begin);
  return found == trails_.end() ? nullptr : &*found;
}

void TrailLedger::opened(const TrailName& trail, const std::shared_ptr<const TrailLock>& lock) {
  {
    const std::lock_guard guard(mutex_);
    lock_ = lock;
    written_ = Written{trail.begin};
  }
  wake();
}

void TrailLedger::committed(const TrailName& trail, std::uint64_t size, const InHand::Portion& portion) {
  {
    const std::lock_guard guard(mutex_);
    written_ = Written{trail.begin, size};
    Trail* found = find(trail.begin);
    if (found == nullptr) found = &trails_.emplace_back(trail.begin);
    std::uint64_t bytes = portion.bytes;
    for (const BatchPtr& notice : portion.notices) bytes -= notice->bytes.size();
    const std::uint64_t events = portion.events - portion.notices.size();
    figures_.waiting_events += events;
    std::deque<Mark>& marks = found->marks;
    if (marks.empty() || size - marks.back().offset + marks.back().bytes > kMarkBytes) {
      marks.push_back({size, events, bytes, portion.first_id, portion.last_id});
    } else {
      Mark& mark = marks.back();
      mark.offset = size;
      mark.events += events;
      mark.bytes += bytes;
      if (mark.first_id.empty()) mark.first_id = portion.first_id;
      if (!portion.last_id.empty()) mark.last_id = portion.last_id;
    }
  }
  wake();
}

void TrailLedger::closed(const TrailName&, bool) {
  {
    const std::lock_guard guard(mutex_);
    written_.reset();
    ++ends_;
  }
  wake();
}

// A clock that was set back leaves room for what has ended since, and gets a later name (TrailSource).
std::string TrailLedger::not_before(std::chrono::sys_seconds now) {
  const std::lock_guard guard(mutex_);
  const auto there = trail_time(at_receiver_);
  return there && *there > now + 1min ? trail_stamp(*there + 1h) : at_receiver_;
}

bool TrailLedger::may_remove(const TrailName& trail) {
  const std::lock_guard guard(mutex_);
  return trail.begin != sending_;
}

// What is known of this life is exact; what an earlier one has left is counted in the file.
Losses TrailLedger::removed(const TrailName& trail, const WholeEvents& events) {
  const std::lock_guard guard(mutex_);
  Losses losses;
  const auto found = std::ranges::find(trails_, trail.begin, &Trail::begin);
  if (found == trails_.end()) {
    losses.add(kForcedOut, events.events, events.first_id, events.last_id);
    figures_.found_events += events.events;
    return losses;
  }
  for (const Mark& mark : found->marks) {
    losses.add(kForcedOut, mark.events, mark.first_id, mark.last_id);
    figures_.waiting_events -= mark.events;
  }
  trails_.erase(found);
  return losses;
}

void TrailLedger::end() {
  {
    const std::lock_guard guard(mutex_);
    has_ended_ = true;
  }
  wake();
}

bool TrailLedger::is_open() const {
  const std::lock_guard guard(mutex_);
  return lock_ != nullptr;
}

bool TrailLedger::has_writer_ended() const {
  const std::lock_guard guard(mutex_);
  return has_ended_;
}

std::optional<TrailLedger::Written> TrailLedger::written() const {
  const std::lock_guard guard(mutex_);
  return written_;
}

std::uint64_t TrailLedger::ends() const {
  const std::lock_guard guard(mutex_);
  return ends_;
}

void TrailLedger::found_at_receiver(const std::string& begin) {
  const std::lock_guard guard(mutex_);
  at_receiver_ = std::max(at_receiver_, begin);
}

void TrailLedger::sending(const std::string& begin) {
  const std::lock_guard guard(mutex_);
  sending_ = begin;
}

void TrailLedger::acknowledged(const std::string& begin, std::uint64_t offset) {
  const std::lock_guard guard(mutex_);
  Trail* const found = find(begin);
  if (found == nullptr) return;
  std::deque<Mark>& marks = found->marks;
  while (!marks.empty() && marks.front().offset <= offset) {
    figures_.events += marks.front().events;
    figures_.event_bytes += marks.front().bytes;
    figures_.waiting_events -= marks.front().events;
    marks.pop_front();
  }
}

void TrailLedger::complete(const std::string& begin) {
  acknowledged(begin, std::numeric_limits<std::uint64_t>::max());
  const std::lock_guard guard(mutex_);
  std::erase_if(trails_, [&](const Trail& trail) { return trail.begin == begin; });
  if (sending_ == begin) sending_.clear();
}

void TrailLedger::renamed(const std::string& from, const std::string& to) {
  const std::lock_guard guard(mutex_);
  if (Trail* const found = find(from)) found->begin = to;
}

void TrailLedger::let_go() {
  const std::lock_guard guard(mutex_);
  lock_.reset();
}

TrailLedger::Figures TrailLedger::figures() const {
  const std::lock_guard guard(mutex_);
  return figures_;
}

}  // namespace naudit::output
