// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/file/schedule.hpp"

#include "tests/support/catch.hpp"

namespace naudit::output {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

constexpr sys_seconds kMonday = sys_days{2026y / 11 / 30};  // midnight in UTC
constexpr auto kStart = RotationSchedule::Steady{} + 1000h;

RotationSchedule schedule(EveryKind kind, LocalTime written, config::Milliseconds duration = 0ms) {
  RotationSchedule made({kind, duration});
  made.begin(written);
  return made;
}

}  // namespace

TEST_CASE("a day ends at local midnight, a week with its Sunday, an hour with the clock") {
  const Every daily{EveryKind::kDaily, {}}, weekly{EveryKind::kWeekly, {}}, hourly{EveryKind::kHourly, {}};
  CHECK(period_of(daily, {kMonday + 22h + 59min + 59s, 1h}) + 1 == period_of(daily, {kMonday + 23h, 1h}));
  CHECK(period_of(daily, {kMonday + 4h + 59min, -5h}) + 1 == period_of(daily, {kMonday + 5h, -5h}));
  CHECK(period_of(weekly, {kMonday - 1s, 0s}) + 1 == period_of(weekly, {kMonday, 0s}));
  CHECK(period_of(weekly, {kMonday, 0s}) == period_of(weekly, {kMonday + 7 * 24h - 1s, 0s}));
  CHECK(period_of(hourly, {kMonday + 29min + 59s, 5h + 30min}) + 1 == period_of(hourly, {kMonday + 30min, 5h + 30min}));
  // Summer time ends: the hour that comes twice are two.
  CHECK(period_of(hourly, {kMonday, 2h}) == period_of(hourly, {kMonday, 1h}));
  const Every six{EveryKind::kDuration, 6h};
  CHECK(period_of(six, {kMonday + 6h - 1s, 2h}) + 1 == period_of(six, {kMonday + 6h, 2h}));
  CHECK(period_of(daily, {sys_seconds{-1s}, 0s}) == -1);
}

TEST_CASE("a file is due in the period behind its last byte's, and only until it was turned") {
  RotationSchedule daily = schedule(EveryKind::kDaily, {kMonday + 10h, 0s});
  CHECK_FALSE(daily.is_due({kMonday + 24h - 1s, 0s}, kStart));
  CHECK(daily.is_due({kMonday + 24h, 0s}, kStart));
  CHECK(daily.is_due({kMonday + 24h, 0s}, kStart + 1s));
  daily.turned({kMonday + 24h, 0s}, kStart + 1s);
  CHECK_FALSE(daily.is_due({kMonday + 24h + 2min, 0s}, kStart + 2min));
  CHECK(daily.is_due({kMonday + 48h, 0s}, kStart + 24h));
}

TEST_CASE("a file of yesterday's is due at once, and one without a schedule never") {
  CHECK(schedule(EveryKind::kDaily, {kMonday - 1s, 0s}).is_due({kMonday, 0s}, kStart));
  CHECK_FALSE(schedule(EveryKind::kNever, {kMonday - 900h, 0s}).is_due({kMonday, 0s}, kStart));
}

TEST_CASE("a clock that is set back ends no file, and one that jumps to and fro one a minute") {
  RotationSchedule hourly = schedule(EveryKind::kHourly, {kMonday, 0s});
  CHECK_FALSE(hourly.is_due({kMonday - 24h * 365, 0s}, kStart));
  CHECK(hourly.is_due({kMonday - 24h * 365 + 1h, 0s}, kStart + 1h));
  int turned = 0;
  for (int second = 0; second < 600; ++second) {
    const LocalTime now{kMonday + (second % 2 == 0 ? 0h : 24h * 3650), 0s};
    const auto steady = kStart + 2h + std::chrono::seconds(second);
    if (!hourly.is_due(now, steady)) continue;
    hourly.turned(now, steady);
    ++turned;
  }
  CHECK(turned >= 2);
  CHECK(turned <= 10);
}

TEST_CASE("nothing is asked before the next whole hour, unless the clock jumps") {
  RotationSchedule daily = schedule(EveryKind::kDaily, {kMonday, 0s});
  CHECK(daily.may_be_due(kMonday));
  CHECK_FALSE(daily.is_due({kMonday + 10min, 30min}, kStart));
  CHECK(daily.rest(kMonday + 10min) == 20min);
  CHECK_FALSE(daily.may_be_due(kMonday + 30min - 1s));
  CHECK(daily.may_be_due(kMonday + 30min));
  CHECK(daily.may_be_due(kMonday));
}

TEST_CASE("a clock that has jumped forward is not trusted once") {
  ClockWatch watch;
  CHECK(watch.is_steady(kMonday, kStart));
  CHECK(watch.is_steady(kMonday + 1h, kStart + 1h));
  CHECK_FALSE(watch.is_steady(kMonday + 24h, kStart + 2h));
  CHECK(watch.is_steady(kMonday + 25h, kStart + 3h));
  CHECK(watch.is_steady(kMonday, kStart + 4h));
}

}  // namespace naudit::output
