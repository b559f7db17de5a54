// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "netlink/status.hpp"

#include "tests/support/catch.hpp"

using namespace naudit::netlink;
using namespace std::chrono_literals;

TEST_CASE("a time in jiffies is never shorter than the time, and comes back the same to a tick") {
  CHECK(to_jiffies(0ms) == 0);
  CHECK(to_jiffies(1ms) >= 1);
  CHECK(from_jiffies(0) == 0ms);
  for (const auto time : {1ms, 7ms, 250ms, 999ms, 60'000ms, 600'000ms}) {
    INFO(time.count());
    const auto back = from_jiffies(to_jiffies(time));
    CHECK(back >= time);
    CHECK(back <= time + 10ms);  // HZ is 100 at the least
  }
  const auto second = to_jiffies(1000ms);
  CHECK((second == 100 || second == 250 || second == 300 || second == 301 || second == 1000));
}

TEST_CASE("a newer change replaces what it says and leaves the rest") {
  naudit::netlink::StatusChange change;
  change.enabled = 1;
  change.rate_limit = 5;
  naudit::netlink::StatusChange newer;
  newer.enabled = 0;
  newer.failure = 2;
  newer.backlog_limit = 8192;
  newer.backlog_wait_time = 100;
  change.take(newer);
  CHECK(change.enabled == 0U);
  CHECK(change.failure == 2U);
  CHECK(change.rate_limit == 5U);
  CHECK(change.backlog_limit == 8192U);
  CHECK(change.backlog_wait_time == 100U);
}
