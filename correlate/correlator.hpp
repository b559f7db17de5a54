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
  std::string_view text;               // "audit(…): body"
  std::string_view node;               // from "node=…" of a stored or forwarded record
  std::string_view name;               // the type's name where it is not the usual one (see RecordSpan::name)
  Incomplete known = Incomplete::kNo;  // what is wrong with its event already
};

// Groups records into events by (node, stamp, serial), and decides when one is whole.
//
// Live, an event of a system call is whole at its EOE, and so is one whose PROCTITLE, the last record before that
// (kernel/auditsc.c, audit_log_exit), was followed by none. When a few in a row had no EOE, it does not come (a rule
// excludes it, or records are lost): from then on PROCTITLE ends an event at once, or a quiet time if that does not
// come either, until an EOE is seen again. A stored log has none as a rule, and PROCTITLE ends an event; where one has
// (what auditd gives its plugins), they end events from the first one on.
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
    std::chrono::milliseconds brief{20};  // of a record that is alone as a rule (correlate/lone_records.hpp)
    std::chrono::milliseconds timeout{2000};
    std::size_t max_open = 16384;
    std::size_t max_open_bytes = std::size_t{16} << 20U;
    // Of its tables, for its life: a power of two. Fewer for one of many correlators, which has few events open.
    std::size_t places = 8192;
  };
  // The owner's thread changes them, any thread reads.
  struct Counters {
    base::Counter records;
    base::Counter events;  // emitted
    base::Counter malformed;
    base::Counter incomplete;  // emitted with a reason other than malformed
    base::Counter evicted;
    base::Counter late;
    base::Counter eoe_alone;    // an EOE of an event that is not open
    base::Counter eoe_missing;  // 1: the kernel sends none
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
  // What an open event waits for.
  enum Waits : std::uint8_t {
    kBrief,   // a record that is alone as a rule
    kQuiet,   // no SYSCALL yet
    kEnding,  // live, and has its PROCTITLE
    kLong     // its end
  };

  Event* find_or_open(const EventId& id, const Input& record, TimePoint now);
  // Where the event belongs now; and where it is.
  [[nodiscard]] Waits place_of(const Event& event) const noexcept;
  Queue& queue_of(const Event& event) noexcept { return queues_[event.queue]; }
  void learn_of_ends(const EventId& id, std::string_view node, EventBatch& out) noexcept;
  [[nodiscard]] bool ends_event(const Event& event, std::uint16_t type) const noexcept;
  void add_malformed(const Input& record, TimePoint now, EventBatch& out);
  void emit(Event& event, Incomplete reason, EventBatch& out);
  void emit_due(Queue& queue, TimePoint before, EventBatch& out);
  [[nodiscard]] Incomplete reason_at_age(const Event& event) noexcept;
  [[nodiscard]] std::chrono::milliseconds patience() const noexcept;
  void missed_end(bool has_proctitle) noexcept;
  [[nodiscard]] bool is_over_limit() const noexcept;
  void evict(EventBatch& out);
  [[nodiscard]] bool finished_lately(std::size_t hash) const noexcept;

  Options options_;
  EventPool& pool_;
  std::vector<Index::bucket_type> buckets_;
  Index index_;
  std::array<Queue, 4> queues_;  // by Waits; in each the longest silent is the first
  HeaderReader headers_;
  Event* latest_ = nullptr;
  std::vector<std::size_t> finished_;  // hashes of the keys that went out lately, direct-mapped
  EventId last_id_;
  bool ends_come_ = false;               // of a stored log, which has EOE records then
  std::uint32_t without_eoe_ = 0;        // events of system calls in a row
  std::uint32_t without_proctitle_ = 0;  // of these, in a row
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
    {{"eoe_missing", "", base::CounterKind::kAlarm,
      "1: the record that ends an event (EOE) does not come: a rule excludes it, or records are lost; events end at "
      "PROCTITLE or by a quiet time"},
     &Correlator::Counters::eoe_missing},
    {{"malformed", "records", base::CounterKind::kFault, "without a readable header"},
     &Correlator::Counters::malformed},
    {{"open", "events", base::CounterKind::kGauge, "that are not whole yet"}, &Correlator::Counters::open},
    {{"open_bytes", "bytes", base::CounterKind::kGauge, "of their records"}, &Correlator::Counters::open_bytes},
});

}  // namespace naudit::correlate
