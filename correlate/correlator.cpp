// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "correlate/correlator.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "correlate/lone_records.hpp"
#include "tables/record_types.hpp"

namespace naudit::correlate {
namespace {

namespace type = tables::type;

// A single EOE that is missing was lost.
constexpr std::uint32_t kNoneComes = 3;

bool needs_syscall(std::uint16_t record) noexcept {
  return tables::record_traits(record).needs_syscall;
}

// kNoSyscall for an event that lacks its SYSCALL record, else kNo.
Incomplete without_syscall(const Event& event) noexcept {
  if (event.has_syscall || event.late) return Incomplete::kNo;
  return std::ranges::any_of(event.records(), needs_syscall, &RecordSpan::type) ? Incomplete::kNoSyscall
                                                                                : Incomplete::kNo;
}

bool has_proctitle(const Event& event) noexcept {
  return std::ranges::count(event.records(), type::kProctitle, &RecordSpan::type) > 0;
}

std::size_t mix(std::uint64_t value) noexcept {
  value ^= value >> 33U;
  value *= 0xff51afd7ed558ccdULL;
  value ^= value >> 33U;
  return value;
}

}  // namespace

std::size_t Correlator::HashKey::operator()(const Key& key) const noexcept {
  // The kernel numbers events one by one: eight in a row are neighbours, and share a line of the processor's caches.
  constexpr std::uint32_t kNeighbours = 8;
  const std::uint64_t stamp = key.id.seconds * 1000 + key.id.millis;
  const std::size_t hash =
      mix(stamp * 0x9e3779b97f4a7c15ULL + key.id.serial / kNeighbours) * kNeighbours + key.id.serial % kNeighbours;
  return key.node.empty() ? hash : hash ^ std::hash<std::string_view>{}(key.node);
}

Correlator::Correlator(const Options& options, EventPool& pool)
    : options_(options),
      pool_(pool),
      buckets_(options.places),
      index_(Index::bucket_traits(buckets_.data(), buckets_.size())),
      finished_(options.places) {}

Correlator::~Correlator() {
  index_.clear();
  const auto destroy = [](Event* event) { const EventPtr owner(event); };
  for (Queue& queue : queues_) queue.clear_and_dispose(destroy);
}

void Correlator::add(const Input& record, TimePoint now, EventBatch& out) {
  Header header;
  if (headers_.read(record.text, header)) {
    add(record, header, now, out);
    return;
  }
  counters_.records.add(1);
  add_malformed(record, now, out);
}

void Correlator::add(const Input& record, const Header& header, TimePoint now, EventBatch& out) {
  counters_.records.add(1);
  last_id_ = header.id;

  if (tables::record_traits(record.type).single ||
      (record.type != type::kSyscall && lone_record(record.type, record.text.substr(header.size)) == Lone::kAlways)) {
    EventPtr event = pool_.take();
    event->id = header.id;
    event->node = record.node;
    event->source = options_.source;
    event->incomplete = record.known;
    event->first = event->last = now;
    event->append(record.type, record.text, header.size, record.name);
    counters_.events.add(1);
    out.push_back(std::move(event));
    return;
  }

  if (record.type == type::kEoe) {
    without_eoe_ = without_proctitle_ = 0;
    counters_.eoe_missing.set(0);
    Event* const event = latest_ != nullptr && SameKey{}(Key{header.id, record.node}, *latest_)
                             ? latest_
                             : find_or_open(header.id, record, now);
    if (event == nullptr) {
      counters_.eoe_alone.add(1);
    } else {
      event->ended = true;
      emit(*event, without_syscall(*event), out);
    }
    if (options_.source == Source::kStored) learn_of_ends(header.id, record.node, out);
    return;
  }

  // The records of two machines, or of two boots, under one id: what belongs to which is not known from here on.
  Event* found = find_or_open(header.id, record, now);
  if (record.type == type::kSyscall && found->has_syscall &&
      std::ranges::find(found->records(), type::kSyscall, &RecordSpan::type) != found->records().end()) {
    emit(*found, Incomplete::kSecondSyscall, out);
    found = find_or_open(header.id, record, now);
    found->incomplete = Incomplete::kSecondSyscall;
    found->late = false;  // it is no continuation
  }
  Event& event = *found;
  const std::size_t before = event.size();
  Queue& from = queue_of(event);
  event.append(record.type, record.text, header.size, record.name);
  counters_.open_bytes.add(event.size() - before);
  if (record.type == type::kSyscall || record.type == type::kUringop) event.has_syscall = true;
  event.queue = place_of(event);
  Queue& to = queue_of(event);
  if (&from != &to || &event != &to.back()) to.splice(to.end(), from, Queue::s_iterator_to(event));
  event.last = now;

  if (ends_event(event, record.type)) {
    without_proctitle_ = 0;
    emit(event, Incomplete::kNo, out);
  } else if (is_over_limit()) {
    evict(out);
  }
}

// The first event of such a log has gone out at its PROCTITLE, just before.
void Correlator::learn_of_ends(const EventId& id, std::string_view node, EventBatch& out) noexcept {
  if (std::exchange(ends_come_, true) || out.empty()) return;
  Event& last = *out.back();
  if (SameKey{}(Key{id, node}, last)) last.ended = true;
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
  event->source = options_.source;
  event->incomplete = record.known;
  event->first = event->last = now;
  event->late = finished_lately(HashKey{}(key));
  if (event->late) counters_.late.add(1);
  index_.insert_commit(*event, commit);
  counters_.open.set(index_.size());
  event->queue = kQuiet;
  queues_[kQuiet].push_back(*event);
  return latest_ = event;
}

Correlator::Waits Correlator::place_of(const Event& event) const noexcept {
  const auto& records = event.records();
  const bool is_live = options_.source == Source::kLive;
  const bool awaits_end = (is_live || ends_come_) && records.back().type == type::kProctitle;
  if (event.has_syscall) return awaits_end ? kEnding : kLong;
  const bool is_lone = is_live && records.size() == 1 &&
                       lone_record(records.front().type, event.body(records.front())) == Lone::kUsually;
  return is_lone ? kBrief : kQuiet;
}

bool Correlator::ends_event(const Event& event, std::uint16_t record) const noexcept {
  return record == type::kProctitle && event.has_syscall &&
         (options_.source == Source::kStored ? !ends_come_ : counters_.eoe_missing.value() != 0);
}

void Correlator::missed_end(bool has_proctitle) noexcept {
  without_proctitle_ = has_proctitle ? 0 : std::min(without_proctitle_ + 1, kNoneComes);
  without_eoe_ = std::min(without_eoe_ + 1, kNoneComes);
  if (without_eoe_ == kNoneComes) counters_.eoe_missing.set(1);
}

// With a system call, but without PROCTITLE.
std::chrono::milliseconds Correlator::patience() const noexcept {
  return without_proctitle_ == kNoneComes ? options_.quiet : options_.timeout;
}

void Correlator::add_malformed(const Input& record, TimePoint now, EventBatch& out) {
  counters_.malformed.add(1);
  counters_.events.add(1);
  EventPtr event = pool_.take();
  event->id = last_id_;
  event->node = record.node;
  event->source = options_.source;
  event->incomplete = Incomplete::kMalformed;
  event->first = event->last = now;
  event->append(record.type, record.text, 0, record.name);
  out.push_back(std::move(event));
}

void Correlator::emit(Event& event, Incomplete reason, EventBatch& out) {
  const std::size_t hash = HashKey{}(event);
  finished_[hash % finished_.size()] = hash;
  index_.erase(index_.iterator_to(event));
  Queue& queue = queue_of(event);
  queue.erase(Queue::s_iterator_to(event));
  counters_.open.set(index_.size());
  counters_.open_bytes.subtract(event.size());
  if (latest_ == &event) latest_ = nullptr;

  // What made it incomplete first is its reason.
  if (event.incomplete != Incomplete::kNo) reason = event.incomplete;
  event.incomplete = reason;
  if (reason != Incomplete::kNo) counters_.incomplete.add(1);
  if (reason == Incomplete::kEvicted) counters_.evicted.add(1);
  counters_.events.add(1);
  event.prefetch();
  out.push_back(EventPtr(&event));
}

void Correlator::emit_due(Queue& queue, TimePoint before, EventBatch& out) {
  while (!queue.empty() && queue.front().last <= before) {
    Event& event = queue.front();
    emit(event, reason_at_age(event), out);
  }
}

Incomplete Correlator::reason_at_age(const Event& event) noexcept {
  // A stored log of an old kernel has no PROCTITLE either: silence is then its only end.
  if (options_.source == Source::kStored && has_proctitle(event)) ends_come_ = false;
  if (!event.has_syscall || options_.source == Source::kStored) return without_syscall(event);
  const bool is_ended = has_proctitle(event);
  missed_end(is_ended);
  // An operation of io_uring has no PROCTITLE.
  const bool is_uring = std::ranges::count(event.records(), type::kUringop, &RecordSpan::type) > 0;
  const bool is_known = without_proctitle_ == kNoneComes || (is_uring && counters_.eoe_missing.value() != 0);
  return is_ended || is_known ? Incomplete::kNo : Incomplete::kTimeout;
}

void Correlator::age(TimePoint now, EventBatch& out) {
  emit_due(queues_[kBrief], now - options_.brief, out);
  emit_due(queues_[kQuiet], now - options_.quiet, out);
  emit_due(queues_[kEnding], now - options_.quiet, out);
  emit_due(queues_[kLong], now - patience(), out);
  // What is behind PROCTITLE, and waits for an EOE that does not come.
  if (counters_.eoe_missing.value() != 0) emit_due(queues_[kEnding], now, out);
}

std::optional<TimePoint> Correlator::next_due() const {
  std::optional<TimePoint> due;
  const auto look = [&due](const Queue& queue, std::chrono::milliseconds time) {
    if (queue.empty()) return;
    const TimePoint other = queue.front().last + time;
    due = due ? std::min(*due, other) : other;
  };
  look(queues_[kBrief], options_.brief);
  look(queues_[kQuiet], options_.quiet);
  look(queues_[kEnding], options_.quiet);
  look(queues_[kLong], patience());
  return due;
}

bool Correlator::is_over_limit() const noexcept {
  return index_.size() > options_.max_open || counters_.open_bytes.value() > options_.max_open_bytes;
}

void Correlator::evict(EventBatch& out) {
  while (!index_.empty() && is_over_limit()) {
    Queue* oldest = nullptr;
    for (Queue& queue : queues_)
      if (!queue.empty() && (oldest == nullptr || queue.front().last < oldest->front().last)) oldest = &queue;
    emit(oldest->front(), Incomplete::kEvicted, out);
  }
}

void Correlator::flush(Incomplete reason, EventBatch& out) {
  // A stored log's last events have no other end than the log's own.
  const bool ends_here = options_.source == Source::kStored && reason == Incomplete::kNo;
  if (ends_here) {
    emit_due(queues_[kQuiet], TimePoint::max(), out);
    emit_due(queues_[kLong], TimePoint::max(), out);
  }
  for (const Waits place : {kBrief, kQuiet, kEnding})
    while (!queues_[place].empty()) emit(queues_[place].front(), without_syscall(queues_[place].front()), out);
  while (!queues_[kLong].empty()) emit(queues_[kLong].front(), reason, out);
}

void Correlator::set_options(const Options& options) {
  options_ = options;
}

bool Correlator::finished_lately(std::size_t hash) const noexcept {
  return finished_[hash % finished_.size()] == hash;
}

}  // namespace naudit::correlate
