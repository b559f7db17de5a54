// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string_view>
#include <vector>

#include "output/batch.hpp"
#include "output/sinks/http/options.hpp"

namespace naudit::output {

// Cuts the stream of batches into the events of requests, and knows which batches are finished with when events get
// their fates in any order: several requests may be under way, and of one request some events may have to go again.
//
// A request goes when it has the bytes, or the events, or when its oldest event has waited for the time. With one event
// a request nothing waits. Pure as to time; one thread.
class HttpBatcher {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  struct Open {
    BatchPtr batch;
    std::size_t left = 0;  // events without a fate
  };
  // An event without a fate; valid until it is settled.
  struct Item {
    Open* open = nullptr;
    std::uint32_t index = 0;

    [[nodiscard]] std::string_view text() const noexcept { return open->batch->event(index); }  // with its newline
    [[nodiscard]] bool is_notice() const noexcept { return open->batch->tells.has_value(); }
  };
  using Items = std::vector<Item>;

  HttpBatcher(HttpBatch limits, bool single) : limits_(limits), single_(single) {}
  HttpBatcher(const HttpBatcher&) = delete;
  HttpBatcher& operator=(const HttpBatcher&) = delete;

  void add(BatchPtr batch);
  // There is not yet a full request that has not been cut.
  [[nodiscard]] bool wants_more() const noexcept { return !full(); }
  // Every event has been cut.
  [[nodiscard]] bool empty() const noexcept { return events_ == 0; }
  // When the next request must go; time_point::min(): now; max(): there is none.
  [[nodiscard]] TimePoint due() const;
  // The next request's events: as many as the limits allow, at least one if there is one.
  Items cut();
  // From now on a request has no more bytes than this.
  void limit(std::size_t bytes) noexcept;
  [[nodiscard]] std::size_t limit() const noexcept { return limits_.bytes; }

  // These have their fates. Returns the bytes of the batches that are finished with, the oldest first.
  std::size_t settle(std::span<const Item> items);
  // All events that have not been cut.
  Items rest();

 private:
  [[nodiscard]] bool full() const noexcept;

  HttpBatch limits_;
  const bool single_;
  std::deque<Open> open_;  // its elements stay where they are
  std::size_t next_batch_ = 0;
  std::uint32_t next_event_ = 0;
  std::size_t bytes_ = 0;  // not yet cut
  std::size_t events_ = 0;
};

}  // namespace naudit::output
