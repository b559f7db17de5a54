// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "netlink/pause.hpp"

#include "tests/support/catch.hpp"

using namespace naudit::netlink;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::nanoseconds kNone{0};
const TimePoint kStart = TimePoint{} + 1h;

// How many of the next `wakeups` wake-ups, one every `every` with `records` each, are followed by a pause.
int pauses(Pause& pause, int wakeups, std::size_t records, std::chrono::nanoseconds every, TimePoint from = kStart) {
  int count = 0;
  for (int i = 0; i < wakeups; ++i) count += pause.next(records, from + i * every) > kNone ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("the first event of an idle host waits for nothing") {
  Pause pause{1ms};
  CHECK(pause.next(1, kStart) == kNone);
  CHECK(pause.next(6, kStart + 10us) == kNone);
}

TEST_CASE("500 events a second of five records never pause, one at a time or together") {
  Pause one_by_one{1ms};
  CHECK(pauses(one_by_one, 10'000, 1, 400us) == 0);
  Pause together{1ms};
  CHECK(pauses(together, 2'000, 5, 2ms) == 0);
}

TEST_CASE("at 5,000 events a second nearly every receive is followed by a pause") {
  Pause pause{1ms};
  CHECK(pauses(pause, 1'000, 25, 1ms) > 990);
}

TEST_CASE("a batch that is more than a burst pauses at once") {
  Pause pause{1ms};
  CHECK(pause.next(Pause::kBurst + 1, kStart) == 1ms);
}

TEST_CASE("a burst alone does not pause") {
  Pause pause{1ms};
  CHECK(pause.next(Pause::kBurst, kStart) == kNone);
}

TEST_CASE("a few milliseconds after the heaviest load nobody waits any more") {
  Pause pause{1ms};
  CHECK(pauses(pause, 1'000, 100'000, 1ms) == 1'000);
  CHECK(pause.next(1, kStart + 999ms + 3ms) == 1ms);
  CHECK(pause.next(1, kStart + 999ms + 4ms) == kNone);
}

TEST_CASE("a pause of zero is never a pause") {
  Pause pause{kNone};
  CHECK(pauses(pause, 100, 256, 1us) == 0);
}
