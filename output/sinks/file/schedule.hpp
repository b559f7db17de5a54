// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "output/sinks/file/options.hpp"

namespace naudit::output {

// A moment as the machine's clock and its time zone have it.
struct LocalTime {
  std::chrono::sys_seconds at{};
  std::chrono::seconds offset{};  // of the local time from UTC
};

// Which hour, day, week (from Monday on) or multiple of a duration (in UTC, from 1970 on) a moment lies in: a number
// that grows by one from each to the next. Pure.
std::int64_t period_of(const Every& every, LocalTime time) noexcept;

// When a file is to end because of the time. A clock that is set back ends none; one that jumps to and fro ends one a
// minute at most. Pure: all times are arguments. One thread.
class RotationSchedule {
 public:
  using Steady = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::minutes kLeast{1};

  explicit RotationSchedule(Every every) : every_(every) {}

  [[nodiscard]] bool is_on() const noexcept { return every_.kind != EveryKind::kNever; }
  // A file is in use whose last byte was written then.
  void begin(LocalTime written) noexcept;
  // A new file took the place of one that was due.
  void turned(LocalTime now, Steady steady) noexcept;
  // False: nothing can be due now, and nobody needs to know the time zone.
  [[nodiscard]] bool may_be_due(std::chrono::sys_seconds now) const noexcept {
    return is_on() && (now < quiet_from_ || now >= quiet_until_);
  }
  [[nodiscard]] bool is_due(LocalTime now, Steady steady) noexcept;
  // Until it may be due, as far as can be known now.
  [[nodiscard]] std::chrono::seconds rest(std::chrono::sys_seconds now) const noexcept;

 private:
  void rest_until_next(LocalTime now) noexcept;

  const Every every_;
  std::int64_t period_ = 0;
  std::chrono::sys_seconds quiet_from_{}, quiet_until_{};
  Steady not_before_ = Steady::min();
};

// Whether the machine's clock has gone on as the time has since it was looked at last: what is deleted for its age is
// deleted by no clock that has just jumped. One thread. Pure.
class ClockWatch {
 public:
  static constexpr std::chrono::minutes kMost{5};
  bool is_steady(std::chrono::sys_seconds now, std::chrono::steady_clock::time_point steady) noexcept;

 private:
  struct Look {
    std::chrono::sys_seconds wall;
    std::chrono::steady_clock::time_point steady;
  };
  std::optional<Look> last_;
};

}  // namespace naudit::output
