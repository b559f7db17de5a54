// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "stored/log_clock.hpp"

#include "tests/support/catch.hpp"

namespace naudit::stored {
namespace {

using namespace std::chrono_literals;

TEST_CASE("the time of a log goes on as its stamps do") {
  LogClock clock;
  const correlate::TimePoint start = clock.at({1700000000, 100, 1});
  CHECK(clock.at({1700000000, 100, 1}) == start);
  CHECK(clock.at({1700000002, 350, 2}) == start + 2250ms);
}

TEST_CASE("records a little out of order do not move the time") {
  LogClock clock;
  const correlate::TimePoint start = clock.at({1700000010, 0, 1});
  for (int i = 0; i < 100; ++i) {
    CHECK(clock.at({1700000009, 500, 2}) == start);
    CHECK(clock.at({1700000010, 0, 1}) == start);
  }
}

TEST_CASE("a jump of the stamps ages nothing and stops nothing") {
  LogClock clock;
  correlate::TimePoint before = clock.at({1700000000, 0, 1});
  for (const std::uint64_t seconds : {1600000000U, 1900000000U, 5U, 1700000000U}) {
    const correlate::TimePoint after = clock.at({seconds, 0, 1});
    CHECK(after > before);
    CHECK(after < before + 100ms);
    CHECK(clock.at({seconds + 1, 0, 2}) == after + 1s);
    before = clock.now();
  }
}

}  // namespace
}  // namespace naudit::stored
