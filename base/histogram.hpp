// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/counter.hpp"

namespace naudit::base {

// How often something took how long, in fixed classes from a millisecond to an hour. An addition is a search among 18
// numbers: for a batch, not for an event. A value; the owner keeps it under the lock that it has anyway.
class Histogram {
 public:
  // The longest time of each class; the last class, which has none, is all that took longer.
  static constexpr std::array<std::chrono::milliseconds, 18> kBounds = [] {
    constexpr std::array<std::uint32_t, 18> kTimes = {1,    2,    5,    10,    20,    50,    100,    200,     500,
                                                      1000, 2000, 5000, 10000, 30000, 60000, 300000, 1800000, 3600000};
    std::array<std::chrono::milliseconds, 18> bounds{};
    std::ranges::transform(kTimes, bounds.begin(), [](std::uint32_t ms) { return std::chrono::milliseconds{ms}; });
    return bounds;
  }();

  // So many that took this long. A negative time, which is a clock that was set, is none.
  void add(std::chrono::milliseconds time, std::uint64_t count) noexcept {
    time = std::max(time, std::chrono::milliseconds{0});
    const auto place = std::ranges::lower_bound(kBounds, time) - kBounds.begin();
    counts_[static_cast<std::size_t>(place)] += count;
    sum_ms_ += static_cast<std::uint64_t>(time.count()) * count;
  }
  // Of each class; one more than there are bounds.
  [[nodiscard]] const std::array<std::uint64_t, kBounds.size() + 1>& counts() const noexcept { return counts_; }
  [[nodiscard]] double sum_seconds() const noexcept { return static_cast<double>(sum_ms_) / 1000; }

 private:
  std::array<std::uint64_t, kBounds.size() + 1> counts_{};
  std::uint64_t sum_ms_ = 0;
};

// As CounterRow, of a histogram.
template <typename Owner>
struct HistogramRow {
  CounterText text;
  Histogram Owner::* member;
};

}  // namespace naudit::base
