// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "base/counter.hpp"
#include "output/batch.hpp"
#include "output/queue.hpp"

namespace naudit::output {

// How a sink and its queue are doing. All counts are since start; events, not batches.
struct SinkStatus : QueueStatus {
  std::string name;
  std::string type;
  std::string format;
  std::string state;       // "ok", "connecting", "retrying in 4s", "disk full", …: one short phrase
  std::string last_error;  // empty if there was none
  std::uint64_t events_out = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t retries = 0;
};

inline constexpr auto kSinkCounters = std::to_array<base::CounterRow<SinkStatus>>({
    {{"events_out", "events", base::CounterKind::kCounter, "written, or acknowledged by the server"},
     &SinkStatus::events_out},
    {{"bytes_out", "bytes", base::CounterKind::kCounter, "of these events"}, &SinkStatus::bytes_out},
    {{"retries", "times", base::CounterKind::kCounter, "that a delivery failed and was tried again"},
     &SinkStatus::retries},
});

// A loss that a sink had to accept, to be told as an event in the stream. Called from the sink's own thread, at most
// once a second for each sink.
struct SinkLoss {
  std::string sink;
  std::string cause;  // "queue full", "refused by server: 413", …
  std::uint64_t events = 0;
  std::string first_id, last_id;
};
using OnSinkLoss = std::function<void(const SinkLoss&)>;

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
  // Any thread. From now on push() waits for nobody: with the policy `block`, what finds no room is dropped and
  // counted.
  virtual void end_blocking() {}
  // One thread, but not the encode thread. Delivers what is queued, for at most this long, and ends; what then remains
  // is counted as dropped.
  virtual void stop(std::chrono::milliseconds at_most) = 0;
  // Main thread. Files: rotate now. Others: nothing.
  virtual void rotate() {}
  // Any thread.
  [[nodiscard]] virtual SinkStatus status() const = 0;
};

}  // namespace naudit::output
