// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/unordered_set.hpp>

#include "base/counter.hpp"
#include "correlate/event.hpp"
#include "correlate/header.hpp"

namespace naudit::correlate {

// One record on its way into an event. Views are needed for the time of the call only.
struct Input {
  std::uint16_t type = 0;
  std::string_view text;  // "audit(…): body"
  std::string_view node;  // from "node=…" of a stored or forwarded record
  std::string_view name;  // the type's name where it is not the usual one (see RecordSpan::name)
};

// Where records come from decides what ends an event.
enum class Source : std::uint8_t {
  kLive,    // the kernel: EOE ends it
  kStored,  // a log, which has no EOE: PROCTITLE ends an event that has its SYSCALL
};

// Groups records into events by (node, stamp, serial), and decides when one is whole.
//
// Pure: time comes in as an argument; for a stored log it is the records' own time. One open event never holds back
// another. What is open is bounded in number and in bytes; the one that has been silent the longest goes first.
// Owner: the drain thread, or a converter. Not thread-safe. Allocates nothing for a record in the steady state, and
// never fails: a record without a readable header goes out alone, flagged, under the stamp of the last good one.
class Correlator {
 public:
  struct Options {
    Source source = Source::kLive;
    std::chrono::milliseconds quiet{250};
    std::chrono::milliseconds timeout{2000};
    std::size_t max_open = 16384;
    std::size_t max_open_bytes = std::size_t{16} << 20U;
  };
  // The owner's thread changes them, any thread reads.
  struct Counters {
    base::Counter records;
    base::Counter events;  // emitted
    base::Counter malformed;
    base::Counter incomplete;  // emitted with a reason other than malformed
    base::Counter evicted;
    base::Counter late;
    base::Counter eoe_alone;  // an EOE of an event that is not open
    base::Counter open;
    base::Counter open_bytes;  // of the records in it
  };

  Correlator(const Options& options, EventPool& pool);
  Correlator(const Correlator&) = delete;
  Correlator& operator=(const Correlator&) = delete;
  ~Correlator();

  // Events that this record completes, or pushes out, are appended to `out`.
  void add(const Input& record, TimePoint now, EventBatch& out);
  // The same for a record whose header has been read already.
  void add(const Input& record, const Header& header, TimePoint now, EventBatch& out);
  // Emits what has become due.
  void age(TimePoint now, EventBatch& out);
  // When age() has something to do next.
  [[nodiscard]] std::optional<TimePoint> next_due() const;
  // Emits all that is open, with this reason.
  void flush(Incomplete reason, EventBatch& out);
  // Takes effect for the events that are open, too.
  void set_options(const Options& options);

  [[nodiscard]] const Counters& counters() const noexcept { return counters_; }

 private:
  struct Key {
    const EventId& id;
    std::string_view node;
  };
  struct HashKey {
    std::size_t operator()(const Key& key) const noexcept;
    std::size_t operator()(const Event& event) const noexcept { return (*this)(Key{event.id, event.node}); }
  };
  struct SameKey {
    bool operator()(const Key& key, const Event& event) const noexcept {
      return key.id == event.id && key.node == event.node;
    }
    bool operator()(const Event& a, const Event& b) const noexcept { return a.id == b.id && a.node == b.node; }
  };
  using Index =
      boost::intrusive::unordered_set<Event, boost::intrusive::hash<HashKey>, boost::intrusive::equal<SameKey>,
                                      boost::intrusive::power_2_buckets<true>>;
  using Queue = boost::intrusive::list<Event>;

  Event* find_or_open(const EventId& id, const Input& record, TimePoint now);
  Queue& queue_of(const Event& event) noexcept { return event.has_syscall ? waiting_ : quiet_; }
  [[nodiscard]] bool ends_event(const Event& event, std::uint16_t type) const noexcept;
  void add_malformed(const Input& record, TimePoint now, EventBatch& out);
  void emit(Event& event, Incomplete reason, EventBatch& out);
  void emit_due(Queue& queue, TimePoint before, EventBatch& out);
  [[nodiscard]] bool is_over_limit() const noexcept;
  void evict(EventBatch& out);
  [[nodiscard]] bool finished_lately(std::size_t hash) const noexcept;

  Options options_;
  EventPool& pool_;
  std::vector<Index::bucket_type> buckets_;
  Index index_;
  Queue quiet_;    // no SYSCALL yet, the longest silent first
  Queue waiting_;  // waiting for its end, the longest silent first
  Event* latest_ = nullptr;
  std::vector<std::size_t> finished_;  // hashes of the keys that went out lately, direct-mapped
  EventId last_id_;
  Counters counters_;
};

inline constexpr auto kCorrelatorCounters = std::to_array<base::CounterRow<Correlator::Counters>>({
    {{"events", "events", base::CounterKind::kCounter, "put together"}, &Correlator::Counters::events},
    {{"incomplete", "events", base::CounterKind::kCounter, "that went out without their end"},
     &Correlator::Counters::incomplete},
    {{"evicted", "events", base::CounterKind::kFault, "that were cut short because too many were open"},
     &Correlator::Counters::evicted},
    {{"late", "events", base::CounterKind::kCounter, "made of records that came after their event had gone out"},
     &Correlator::Counters::late},
    {{"malformed", "records", base::CounterKind::kFault, "without a readable header"},
     &Correlator::Counters::malformed},
    {{"open", "events", base::CounterKind::kGauge, "that are not whole yet"}, &Correlator::Counters::open},
    {{"open_bytes", "bytes", base::CounterKind::kGauge, "of their records"}, &Correlator::Counters::open_bytes},
});

}  // namespace naudit::correlate
