// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/file/schedule.hpp"

#include <algorithm>

namespace naudit::output {
namespace {

using namespace std::chrono_literals;
using std::chrono::floor;
using std::chrono::seconds;

seconds length_of(const Every& every) noexcept {
  return std::max<seconds>(std::chrono::duration_cast<seconds>(every.duration), 1s);
}

std::int64_t whole(seconds time, seconds length) noexcept {
  const std::int64_t quotient = time / length;
  return time % length < 0s ? quotient - 1 : quotient;
}

}  // namespace

std::int64_t period_of(const Every& every, LocalTime time) noexcept {
  const seconds utc = time.at.time_since_epoch();
  switch (every.kind) {
    case EveryKind::kNever:
      return 0;
    case EveryKind::kHourly:
      // Summer time moves the name of an hour, not its end; some zones are half an hour off.
      return whole(utc + time.offset % 1h, 1h);
    case EveryKind::kDaily:
      return whole(utc + time.offset, 24h);
    case EveryKind::kWeekly:
      return whole(utc + time.offset + 3 * 24h, 7 * 24h);  // 1970-01-01 was a Thursday
    case EveryKind::kDuration:
      break;
  }
  return whole(utc, length_of(every));
}

void RotationSchedule::begin(LocalTime written) noexcept {
  period_ = period_of(every_, written);
  quiet_from_ = quiet_until_ = {};
}

void RotationSchedule::turned(LocalTime now, Steady steady) noexcept {
  begin(now);
  not_before_ = steady + kLeast;
}

void RotationSchedule::rest_until_next(LocalTime now) noexcept {
  quiet_from_ = now.at;
  // Hours, days and weeks end with a whole hour of the local time.
  const seconds length = every_.kind == EveryKind::kDuration ? length_of(every_) : seconds(1h);
  const seconds shift = every_.kind == EveryKind::kDuration ? 0s : now.offset;
  const seconds local = now.at.time_since_epoch() + shift;
  quiet_until_ = now.at + ((whole(local, length) + 1) * length - local);
}

bool RotationSchedule::is_due(LocalTime now, Steady steady) noexcept {
  if (!may_be_due(now.at)) return false;
  const std::int64_t period = period_of(every_, now);
  if (period > period_) return steady >= not_before_;
  // Set back: the present file goes on, and the next period ends it.
  period_ = period;
  rest_until_next(now);
  return false;
}

seconds RotationSchedule::rest(std::chrono::sys_seconds now) const noexcept {
  return may_be_due(now) ? seconds(kLeast) : quiet_until_ - now;
}

bool ClockWatch::is_steady(std::chrono::sys_seconds now, std::chrono::steady_clock::time_point steady) noexcept {
  const auto jump = last_ ? (now - last_->wall) - (steady - last_->steady) : std::chrono::nanoseconds(0);
  last_ = Look{now, steady};
  return jump <= kMost;
}

}  // namespace naudit::output
