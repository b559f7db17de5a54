// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "correlate/correlator.hpp"

#include <algorithm>
#include <functional>

#include "tables/record_types.hpp"

namespace naudit::correlate {
namespace {

namespace type = tables::type;

constexpr std::size_t kBuckets = 8192;
constexpr std::size_t kFinished = 8192;

bool needs_syscall(std::uint16_t record) noexcept {
  return tables::record_traits(record).needs_syscall;
}

// kNoSyscall for an event that lacks its SYSCALL record, else kNo.
Incomplete without_syscall(const Event& event) noexcept {
  if (event.has_syscall || event.late) return Incomplete::kNo;
  return std::ranges::any_of(event.records(), needs_syscall, &RecordSpan::type) ? Incomplete::kNoSyscall
                                                                                : Incomplete::kNo;
}

std::size_t mix(std::uint64_t value) noexcept {
  value ^= value >> 33U;
  value *= 0xff51afd7ed558ccdULL;
  value ^= value >> 33U;
  return value;
}

}  // namespace

std::size_t Correlator::HashKey::operator()(const Key& key) const noexcept {
  const std::uint64_t stamp = key.id.seconds * 1000 + key.id.millis;
  const std::size_t hash = mix(stamp * 0x9e3779b97f4a7c15ULL + key.id.serial);
  return key.node.empty() ? hash : hash ^ std::hash<std::string_view>{}(key.node);
}

Correlator::Correlator(const Options& options, EventPool& pool)
    : options_(options),
      pool_(pool),
      buckets_(kBuckets),
      index_(Index::bucket_traits(buckets_.data(), buckets_.size())),
      finished_(kFinished) {}

Correlator::~Correlator() {
  index_.clear();
  const auto destroy = [](Event* event) { const EventPtr owner(event); };
  quiet_.clear_and_dispose(destroy);
  waiting_.clear_and_dispose(destroy);
}

void Correlator::add(const Input& record, TimePoint now, EventBatch& out) {
  Header header;
  if (parse_header(record.text, header)) {
    add(record, header, now, out);
    return;
  }
  counters_.records.add(1);
  add_malformed(record, now, out);
}

void Correlator::add(const Input& record, const Header& header, TimePoint now, EventBatch& out) {
  counters_.records.add(1);
  last_id_ = header.id;

  if (tables::record_traits(record.type).single) {
    EventPtr event = pool_.take();
    event->id = header.id;
    event->node = record.node;
    event->first = event->last = now;
    event->append(record.type, record.text, header.size, record.name);
    counters_.events.add(1);
    out.push_back(std::move(event));
    return;
  }

  if (record.type == type::kEoe) {
    Event* const event = latest_ != nullptr && SameKey{}(Key{header.id, record.node}, *latest_)
                             ? latest_
                             : find_or_open(header.id, record, now);
    if (event == nullptr)
      counters_.eoe_alone.add(1);
    else
      emit(*event, without_syscall(*event), out);
    return;
  }

  Event& event = *find_or_open(header.id, record, now);
  const std::size_t before = event.size();
  event.append(record.type, record.text, header.size, record.name);
  counters_.open_bytes.add(event.size() - before);
  Queue& from = queue_of(event);
  if (record.type == type::kSyscall || record.type == type::kUringop) event.has_syscall = true;
  Queue& to = queue_of(event);
  if (&from != &to || &event != &to.back()) to.splice(to.end(), from, Queue::s_iterator_to(event));
  event.last = now;

  if (ends_event(event, record.type))
    emit(event, Incomplete::kNo, out);
  else if (is_over_limit())
    evict(out);
}

// Null only for an EOE that has nothing to end.
Event* Correlator::find_or_open(const EventId& id, const Input& record, TimePoint now) {
  const Key key{id, record.node};
  if (latest_ != nullptr && SameKey{}(key, *latest_)) return latest_;

  Index::insert_commit_data commit;
  const auto [at, is_new] = index_.insert_check(key, HashKey{}, SameKey{}, commit);
  if (!is_new) return latest_ = &*at;
  if (record.type == type::kEoe) return nullptr;

  Event* const event = pool_.take().release();
  event->id = id;
  event->node = record.node;
  event->first = event->last = now;
  event->late = finished_lately(HashKey{}(key));
  if (event->late) counters_.late.add(1);
  index_.insert_commit(*event, commit);
  counters_.open.set(index_.size());
  quiet_.push_back(*event);
  return latest_ = event;
}

bool Correlator::ends_event(const Event& event, std::uint16_t record) const noexcept {
  return options_.source == Source::kStored && record == type::kProctitle && event.has_syscall;
}

void Correlator::add_malformed(const Input& record, TimePoint now, EventBatch& out) {
  counters_.malformed.add(1);
  counters_.events.add(1);
  EventPtr event = pool_.take();
  event->id = last_id_;
  event->node = record.node;
  event->incomplete = Incomplete::kMalformed;
  event->first = event->last = now;
  event->append(record.type, record.text, 0, record.name);
  out.push_back(std::move(event));
}

void Correlator::emit(Event& event, Incomplete reason, EventBatch& out) {
  const std::size_t hash = HashKey{}(event);
  finished_[hash % kFinished] = hash;
  index_.erase(index_.iterator_to(event));
  Queue& queue = queue_of(event);
  queue.erase(Queue::s_iterator_to(event));
  counters_.open.set(index_.size());
  counters_.open_bytes.subtract(event.size());
  if (latest_ == &event) latest_ = nullptr;

  event.incomplete = reason;
  if (reason != Incomplete::kNo) counters_.incomplete.add(1);
  if (reason == Incomplete::kEvicted) counters_.evicted.add(1);
  counters_.events.add(1);
  out.push_back(EventPtr(&event));
}

void Correlator::emit_due(Queue& queue, TimePoint before, EventBatch& out) {
  while (!queue.empty() && queue.front().last <= before) {
    Event& event = queue.front();
    Incomplete reason = without_syscall(event);
    // A stored log of an old kernel has no PROCTITLE either: silence is then its only end.
    if (event.has_syscall && options_.source == Source::kLive) reason = Incomplete::kTimeout;
    emit(event, reason, out);
  }
}

void Correlator::age(TimePoint now, EventBatch& out) {
  emit_due(quiet_, now - options_.quiet, out);
  emit_due(waiting_, now - options_.timeout, out);
}

std::optional<TimePoint> Correlator::next_due() const {
  std::optional<TimePoint> due;
  if (!quiet_.empty()) due = quiet_.front().last + options_.quiet;
  if (!waiting_.empty()) {
    const TimePoint other = waiting_.front().last + options_.timeout;
    due = due ? std::min(*due, other) : other;
  }
  return due;
}

bool Correlator::is_over_limit() const noexcept {
  return index_.size() > options_.max_open || counters_.open_bytes.value() > options_.max_open_bytes;
}

void Correlator::evict(EventBatch& out) {
  while (!index_.empty() && is_over_limit()) {
    const bool from_quiet = waiting_.empty() || (!quiet_.empty() && quiet_.front().last <= waiting_.front().last);
    emit((from_quiet ? quiet_ : waiting_).front(), Incomplete::kEvicted, out);
  }
}

void Correlator::flush(Incomplete reason, EventBatch& out) {
  // A stored log's last events have no other end than the log's own.
  const bool ends_here = options_.source == Source::kStored && reason == Incomplete::kNo;
  if (ends_here) {
    emit_due(quiet_, TimePoint::max(), out);
    emit_due(waiting_, TimePoint::max(), out);
  }
  while (!quiet_.empty()) emit(quiet_.front(), without_syscall(quiet_.front()), out);
  while (!waiting_.empty()) emit(waiting_.front(), reason, out);
}

void Correlator::set_options(const Options& options) {
  options_ = options;
}

bool Correlator::finished_lately(std::size_t hash) const noexcept {
  return finished_[hash % kFinished] == hash;
}

}  // namespace naudit::correlate
