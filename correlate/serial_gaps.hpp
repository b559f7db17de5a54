// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/counter.hpp"
#include "correlate/event.hpp"

namespace naudit::correlate {

// Finds events that never came, by the numbers that the kernel gave them.
//
// The kernel takes a serial for an event when it begins the event's first record (kernel/audit.c, audit_log_start and
// audit_get_stamp), behind the exclude filter and behind the limit of its backlog: what a rule excludes or suppresses
// takes none, and neither does what the kernel's own counter `lost` has for a full backlog. So each number between the
// first and the last is an event that was meant for us. One that does not come was refused by the rate limit, or was
// freed, uncounted, because it could not be sent: nobody was registered, or the socket stayed full, on a kernel that
// was not booted with audit=1 (kernel/audit.c, kauditd_hold_skb).
//
// Records are queued when they are finished, so that on several processors serials overtake each other by a little: a
// hole is a gap when it has not closed within the time-out, or before that when more serials than a limit lie behind
// it. Serials wrap at 32 bits. Owner: the drain thread; the counters are for any. Pure: time is an argument. For a
// record of the event before it costs one compare.
class SerialGaps {
 public:
  // Gaps that were found one after the other, in one: `events` of the serials from first to last did not come.
  struct Found {
    std::uint32_t first = 0, last = 0;
    std::uint64_t events = 0;
    std::uint64_t gaps = 0;
  };
  struct Counters {
    base::Counter events;  // that did not come
    base::Counter gaps;
    base::Counter late;          // events that were told as missing, and came after all
    base::Counter out_of_order;  // events that came behind one with a later serial, those too
    base::Counter worst_lag;     // how many serials lay between such an event and the last one before it, at most
    base::Counter settled;       // 1 + all serials up to this one either came or were told; 0: none is known yet
    base::Counter next;          // 1 + the serial that is expected next; the same
  };

  // That may be open at one time; with more, the oldest is not waited for.
  static constexpr std::size_t kMostHoles = 4096;

  explicit SerialGaps(std::chrono::milliseconds timeout) : timeout_(timeout) {}

  // A run before this one, on the same boot of the kernel, had come so far: what is missing from here on is missing.
  // `has_own`: except one event in the hole that begins there, which is the kernel's record of our own unregistration.
  void begin_at(std::uint32_t next, bool has_own = false) noexcept;
  // An event with this serial came, or a record of it.
  void note(std::uint32_t serial, TimePoint now) {
    if (serial != latest_) take(serial, now);
  }
  // Gives up the holes that have been open for too long.
  void age(TimePoint now);
  // All holes are as of now: nobody has looked for a while.
  void restart(TimePoint now);
  // Nothing comes any more.
  void give_up();
  [[nodiscard]] std::optional<TimePoint> next_due() const;
  void set_timeout(std::chrono::milliseconds timeout) { timeout_ = timeout; }
  // How many serials behind a hole it is a gap, whatever the time; 0: by the time alone.
  void set_most_behind(std::uint32_t serials) noexcept { most_behind_ = serials; }

  // What was found since the last call.
  [[nodiscard]] std::optional<Found> take_found();
  // Makes `settled` and `next` of the counters true. For the end of a batch, not for each record.
  void publish() noexcept;
  [[nodiscard]] const Counters& counters() const noexcept { return counters_; }

 private:
  struct Hole {
    std::uint32_t first = 0, last = 0;
    TimePoint since;
  };
  using Holes = std::vector<Hole>;

  void take(std::uint32_t serial, TimePoint now);
  void count_late(std::uint32_t serial) noexcept;
  void tell(const Hole& hole);
  void give_up_first(std::size_t count);
  static bool take_out_of(Holes& holes, std::uint32_t serial);

  std::chrono::milliseconds timeout_;
  std::uint32_t most_behind_ = 0;
  std::uint64_t latest_ = ~std::uint64_t{0};  // the serial of the last record; at first none
  bool has_begun_ = false;
  std::uint32_t next_ = 0;
  std::optional<std::uint32_t> own_;  // where the hole begins that has an event of our own
  Holes holes_;                       // in the order of their serials, which is that of their age
  Holes told_;                        // the last of them
  std::optional<Found> found_;
  Counters counters_;
};

inline constexpr auto kGapCounters = std::to_array<base::CounterRow<SerialGaps::Counters>>({
    {{"gap_events", "events", base::CounterKind::kFault,
      "that the kernel numbered and that never came: a gap in its serials"},
     &SerialGaps::Counters::events},
    {{"gaps", "gaps", base::CounterKind::kCounter, "in the kernel's serials"}, &SerialGaps::Counters::gaps},
    {{"gap_late", "events", base::CounterKind::kCounter, "of the gaps that came after all, later than events.timeout"},
     &SerialGaps::Counters::late},
    {{"out_of_order", "events", base::CounterKind::kCounter, "that came behind a later one of the kernel's"},
     &SerialGaps::Counters::out_of_order},
    {{"worst_lag", "serials", base::CounterKind::kGauge, "behind the latest, the most that one of them came"},
     &SerialGaps::Counters::worst_lag},
});

}  // namespace naudit::correlate
