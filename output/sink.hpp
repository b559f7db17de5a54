// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "base/counter.hpp"
#include "output/batch.hpp"
#include "output/loss.hpp"
#include "output/queue.hpp"
#include "output/receipt.hpp"

namespace naudit::output {

// How a sink and its queue are doing. All counts are since start; events, not batches.
struct SinkStatus : QueueStatus {
  std::string name;
  std::string type;
  std::string format;
  std::string state;         // "ok", "connecting", "retrying in 4s", "disk full", …: one short phrase
  std::string last_error;    // empty if there was none
  std::string warning;       // what is allowed and hardly meant so; empty if there is nothing
  std::string path;          // of the file; empty for a sink that writes none
  bool is_filtered = false;  // by a filter, a rate limit or an aggregation: its events are not all there are
  std::uint64_t events_out = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t retries = 0;
  // What shaping kept from it, and changed (shape::Counts).
  std::uint64_t events_filtered = 0;
  std::uint64_t events_unspoken = 0;
  std::uint64_t events_withheld = 0;
  std::uint64_t events_repeated = 0;
  std::uint64_t events_redacted = 0;
  std::uint64_t texts_redacted = 0;
  // With a spool.
  std::uint64_t spool_bytes = 0;
  std::uint64_t spool_events = 0;
  std::uint64_t spool_damaged = 0;
  std::uint64_t spool_syncs = 0;
  // Of a sink that ships audit trails.
  std::uint64_t trail_bytes = 0;
  std::uint64_t trail_bytes_acknowledged = 0;
};

inline constexpr auto kSinkCounters = std::to_array<base::CounterRow<SinkStatus>>({
    {{"events_out", "events", base::CounterKind::kCounter, "written, or acknowledged by the server"},
     &SinkStatus::events_out},
    {{"bytes_out", "bytes", base::CounterKind::kCounter, "of these events"}, &SinkStatus::bytes_out},
    {{"retries", "times", base::CounterKind::kCounter, "that a delivery failed and was tried again"},
     &SinkStatus::retries},
    {{"events_filtered", "events", base::CounterKind::kCounter, "that its filter left out"},
     &SinkStatus::events_filtered},
    {{"events_unspoken", "events", base::CounterKind::kCounter, "of kinds that its format has no words for"},
     &SinkStatus::events_unspoken},
    {{"events_withheld", "events", base::CounterKind::kCounter, "that its rate limit left out; told in its own stream"},
     &SinkStatus::events_withheld},
    {{"events_repeated", "events", base::CounterKind::kCounter,
      "that were like one before them; told in its own stream as a number"},
     &SinkStatus::events_repeated},
    {{"events_redacted", "events", base::CounterKind::kCounter, "in which secrets were hidden from it"},
     &SinkStatus::events_redacted},
    {{"texts_redacted", "texts", base::CounterKind::kCounter, "of these events that were hidden, in part or whole"},
     &SinkStatus::texts_redacted},
    {{"spool_bytes", "bytes", base::CounterKind::kGauge, "of the spool's files"}, &SinkStatus::spool_bytes},
    {{"spool_events", "events", base::CounterKind::kGauge, "in the spool, and not yet taken by the peer"},
     &SinkStatus::spool_events},
    {{"spool_damaged", "segments", base::CounterKind::kCounter, "of the spool that were damaged and are set aside"},
     &SinkStatus::spool_damaged},
    {{"spool_syncs", "times", base::CounterKind::kCounter, "that the spool was forced to the disk"},
     &SinkStatus::spool_syncs},
    {{"trail_bytes", "bytes", base::CounterKind::kGauge, "of audit trails that wait for their receiver"},
     &SinkStatus::trail_bytes},
    {{"trail_bytes_acknowledged", "bytes", base::CounterKind::kCounter, "of audit trails that the receiver has taken"},
     &SinkStatus::trail_bytes_acknowledged},
});

// A loss that a sink had to accept.
struct SinkLoss {
  std::string sink;
  std::string cause;  // "queue full while disk full", "refused by server 413", …
  std::uint64_t events = 0;
  std::string first_id, last_id;
  std::uint64_t total = 0;  // told so far, with these
};
// To be told to everybody but the sink itself. Called from the sink's own thread, at most once a second for each sink.
using OnSinkLoss = std::function<void(const SinkLoss&)>;

// A sink cannot do its work, or can again.
struct SinkChange {
  std::string sink;
  std::string state;  // as in the status, without times: "disk full"; "ok": it works again
  std::string cause;  // one sentence, which may quote a server; empty for "ok"
  bool works = false;
  std::uint64_t bytes_waiting = 0;
  std::uint64_t events_waiting = 0;
  std::uint64_t changes = 1;  // since the last time, with this one
};
// Called from the sink's own thread, once a change, and less often when it changes all the time.
using OnSinkChange = std::function<void(const SinkChange&)>;

class Notices;

// Starts a thread of this name (at most 15 characters) that takes no signals.
using StartThread = std::function<std::thread(const char* name, std::function<void()> run)>;

// Whom a sink tells what, and what it needs for that. What is empty is not told.
struct SinkHost {
  SinkHost() = default;
  SinkHost(OnSinkLoss loss) : on_loss(std::move(loss)) {}  // NOLINT(google-explicit-constructor)

  OnSinkLoss on_loss;
  OnSinkChange on_change;
  std::shared_ptr<Notices> notices;  // for the sink's own stream
  // Where spools are, a folder each; empty: there are none.
  std::string spool_folder;
  // Of a sink behind a spool: is given its queue before anything else uses it. The spool sees to the limits of the
  // queue, and keeps what is not delivered at the end.
  std::function<void(Queue&)> on_queue;
  // Starts a thread with the rights that the process had at its start, for a sink whose program needs them. Empty: they
  // are gone, or were never given up.
  StartThread start_thread;
};

// A destination of events. The encode thread pushes; a thread of the sink's own (files) or the shared network loop
// (tcp, https) delivers. A sink that is slow or dead affects nobody but itself, unless its policy is `block`.
class Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;

  // Encode thread. Counts and queues; never waits unless the queue's policy is `block`. Never fails.
  virtual void push(BatchPtr batch) = 0;
  // Encode thread. The same, but wakes nobody where that can be spared: true if the caller is to call work_here() then.
  [[nodiscard]] virtual bool push_unannounced(BatchPtr batch) {
    push(std::move(batch));
    return false;
  }
  // Encode thread. Keeps the receipt until what was pushed before is accepted. Without a spool that is so already.
  virtual void keep(const Receipt& /*receipt*/) {}
  // Any thread that may wait for a disk. Does what the sink's own thread would have been woken for, or wakes it. A sink
  // that was stopped and let go meanwhile may end in here.
  virtual void work_here() {}
  // Any thread. From now on push() waits for nobody: with the policy `block`, what finds no room is dropped and
  // counted.
  virtual void end_blocking() {}
  // Any thread. While it is set push() waits for nobody, and loses nothing: the queue takes more than its bound. For as
  // long as something else needs the encode thread.
  virtual void let_pass(bool /*pass*/) {}
  // Main thread. From now on the sink delivers what is queued until then, and ends; waits for nothing. Many sinks are
  // stopped in the time of one that way.
  virtual void end_by(std::chrono::steady_clock::time_point /*deadline*/) {}
  // One thread, but not the encode thread. Delivers what is queued, for at most this long, and ends; what then remains
  // is counted as dropped.
  virtual void stop(std::chrono::milliseconds at_most) = 0;
  // Main thread. Files: rotate now. Others: nothing.
  virtual void rotate() {}
  // Main thread. The configuration was read again, and is for this sink as it was: a program that it runs is told, and
  // one that was given up is started again. Others: nothing.
  virtual void reload() {}
  // Any thread.
  [[nodiscard]] virtual SinkStatus status() const = 0;
  // Any thread. Losses that its own stream has not been told; after stop() nobody but the next sink of this name can.
  [[nodiscard]] virtual Losses untold() const { return {}; }
  // Any thread. Such losses of the one before.
  virtual void carry(const Losses& /*losses*/) {}
};

}  // namespace naudit::output
