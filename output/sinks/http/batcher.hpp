// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <utility>
#include <vector>

#include "output/in_hand.hpp"
#include "output/sinks/http/options.hpp"

namespace naudit::output {

// Cuts the stream of batches into requests: a request goes when it has the bytes, or the events, or when its oldest
// event has waited for the time. With one event a request nothing waits. Pure as to time; one thread.
class HttpBatcher {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  HttpBatcher(HttpBatch limits, HttpBody body) : limits_(limits), body_(body) {}

  void add(BatchPtr batch) { hand_.add(std::move(batch)); }
  // There is not yet a full request in hand.
  [[nodiscard]] bool wants_more() const noexcept { return !full(); }
  [[nodiscard]] bool empty() const noexcept { return hand_.empty(); }

  // When the next request must go; time_point::min(): now; max(): there is none.
  [[nodiscard]] TimePoint due() const {
    if (hand_.empty()) return TimePoint::max();
    return full() ? TimePoint::min() : hand_.oldest() + limits_.time;
  }

  // The next request's events; the same ones until commit(). One event's final newline is no part of a request of its
  // own.
  const InHand::Portion& request() {
    if (hand_.portion().events > 0) return hand_.portion();
    const bool single = body_ == HttpBody::kEvent;
    return hand_.select(single ? 1 : limits_.bytes, single ? 1 : std::max(1U, limits_.events), true);
  }
  // What keeps the request's events.
  [[nodiscard]] std::vector<BatchPtr> batches() const { return hand_.batches(); }
  // The request is delivered or refused. Returns the bytes of the batches that are finished with.
  std::size_t commit() { return hand_.commit(); }
  // Everything, to be given up.
  const InHand::Portion& rest() { return hand_.select_all(); }

 private:
  [[nodiscard]] bool full() const noexcept {
    if (body_ == HttpBody::kEvent) return !hand_.empty();
    return hand_.bytes() >= limits_.bytes || hand_.events() >= limits_.events;
  }

  HttpBatch limits_;
  HttpBody body_;
  InHand hand_;
};

}  // namespace naudit::output
