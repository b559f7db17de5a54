// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "output/batch.hpp"

namespace naudit::output {

// What a sink has taken from its queue and not yet delivered, cut into portions of whole events.
//
// A portion is what one write or one request carries: pieces that point into the batches, never copied. It stays the
// same until it is committed, however often its delivery is tried. Pure; one thread.
class InHand {
 public:
  static constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

  struct Portion {
    std::vector<std::string_view> pieces;
    std::size_t bytes = 0;
    std::size_t events = 0;         // notices included
    std::string first_id, last_id;  // of the batches that it touches, without notices
    std::vector<BatchPtr> notices;
  };

  void add(BatchPtr batch);

  // Not yet committed.
  [[nodiscard]] bool empty() const noexcept { return batches_.empty(); }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::size_t events() const noexcept { return events_; }
  [[nodiscard]] std::chrono::steady_clock::time_point oldest() const { return batches_.front()->made; }

  // The next whole events, up to both limits. An event larger than `bytes` makes a portion of its own if
  // `at_least_one`; otherwise the portion may be empty.
  const Portion& select(std::size_t bytes, std::size_t events, bool at_least_one);
  // Everything that is left, to be given up.
  const Portion& select_all() { return select(kNoLimit, kNoLimit, true); }
  [[nodiscard]] const Portion& portion() const noexcept { return portion_; }
  // The portion's events, each by itself.
  [[nodiscard]] std::vector<std::string_view> portion_events() const;
  // What the portion's pieces point into.
  [[nodiscard]] std::vector<BatchPtr> batches() const { return {batches_.begin(), batches_.end()}; }

  // The portion is delivered, or given up. Returns the bytes of the batches that are finished with.
  std::size_t commit();

 private:
  void clear_portion() noexcept;  // keeps its memory

  std::deque<BatchPtr> batches_;
  std::size_t next_ = 0;  // event of the first batch
  std::size_t bytes_ = 0;
  std::size_t events_ = 0;
  Portion portion_;
};

}  // namespace naudit::output
