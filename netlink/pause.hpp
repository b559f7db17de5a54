// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstddef>

namespace naudit::netlink {

using TimePoint = std::chrono::steady_clock::time_point;

// Decides how long to wait before the next receive call. Pure: time is an argument. Not thread-safe.
//
// Each wake-up costs the kernel and us more than a record does, so that records that pile up for a millisecond cost
// less. But on a quiet host nobody should wait. So: a leaky bucket that every record fills and that empties at
// kQuietRate; while it holds more than kBurst records the host is busy and the answer is `length`, else zero.
class Pause {
 public:
  static constexpr std::size_t kQuietRate = 5'000;  // records/s that never cause a pause
  static constexpr std::size_t kBurst = 16;         // records at once that do not either

  // length 0: never pause.
  explicit Pause(std::chrono::nanoseconds length) noexcept : length_(length) {}

  // After a receive that found `records` and left the socket empty.
  std::chrono::nanoseconds next(std::size_t records, TimePoint now) noexcept;

 private:
  std::chrono::nanoseconds length_;
  std::chrono::nanoseconds filled_{0};  // what the bucket holds, as the time that it takes to empty
  TimePoint last_{};
};

}  // namespace naudit::netlink
