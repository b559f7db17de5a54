// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/kernel/settings_keeper.hpp"

#include <vector>

#include "tests/support/catch.hpp"

using namespace naudit::daemon;
using namespace std::chrono_literals;
using naudit::config::Drift;
using Texts = std::vector<std::string>;

namespace {

class Bench {
 public:
  explicit Bench(Drift drift = Drift::kHeal) {
    status.enabled = 1;
    status.failure = 1;
    status.backlog_limit = 8192;
    KernelSettings wanted;
    wanted.values.enabled = 1;
    wanted.values.backlog_limit = 8192;
    keeper.want(wanted, drift);
  }
  Texts look() {
    told.clear();
    now += 1s;
    keeper.look(status, now);
    return told;
  }

  naudit::netlink::KernelStatus status;
  SettingsKeeper::TimePoint now{1000s};
  Texts told;
  std::size_t healings = 0;
  SettingsKeeper keeper{[this](std::uint16_t /*type*/, const std::string& text) { told.push_back(text); },
                        [this](const KernelSettings& /*wanted*/) { ++healings; }};
};

}  // namespace

TEST_CASE("settings that are as configured, and those that nobody configured, are no news") {
  Bench bench;
  bench.status.failure = 0;
  bench.status.rate_limit = 10;
  CHECK(bench.look().empty());
  CHECK(bench.healings == 0);
  CHECK(bench.keeper.troubles().drifted == 0);
}

TEST_CASE("a change of what nobody configured is told once and left") {
  Bench bench;
  bench.look();
  bench.status.failure = 0;
  bench.status.rate_limit = 10;
  CHECK(bench.look() == Texts{"op=settings-changed failure=0 rate_limit=10 res=success"});
  CHECK(bench.look().empty());
  CHECK(bench.healings == 0);
}

TEST_CASE("auditing that somebody switched off is told once, healed, and told when it is on again") {
  Bench bench;
  bench.status.enabled = 0;
  CHECK(bench.look() == Texts{"op=auditing-off enabled=0 res=failed"});
  CHECK(bench.healings == 1);
  CHECK(bench.keeper.troubles().auditing_off == 1);
  CHECK(bench.look().empty());
  bench.status.enabled = 1;
  CHECK(bench.look() == Texts{"op=auditing-on enabled=1 res=success"});
  CHECK(bench.keeper.troubles().auditing_off == 0);
  CHECK(bench.look().empty());
}

TEST_CASE("auditing that is off as configured is no trouble, and a locked one is on") {
  Bench bench;
  KernelSettings off;
  off.values.enabled = 0;
  bench.keeper.want(off, Drift::kHeal);
  bench.status.enabled = 0;
  CHECK(bench.look().empty());
  CHECK(bench.healings == 0);
  Bench locked;
  locked.status.enabled = 2;
  locked.status.backlog_limit = 64;
  CHECK(locked.look().empty());
  CHECK(locked.healings == 0);
}

TEST_CASE("a limit that somebody changed is told once with its value, and again when it is another one or well") {
  Bench bench(Drift::kReport);
  bench.status.backlog_limit = 64;
  CHECK(bench.look() == Texts{"op=settings-drift backlog_limit=64 res=failed"});
  CHECK(bench.look().empty());
  CHECK(bench.keeper.troubles().drifted == 1);
  bench.status.backlog_limit = 128;
  CHECK(bench.look() == Texts{"op=settings-drift backlog_limit=128 res=failed"});
  bench.status.backlog_limit = 8192;
  CHECK(bench.look() == Texts{"op=settings-restored res=success"});
  CHECK(bench.healings == 0);
  CHECK(bench.keeper.troubles().drifted == 0);
}

TEST_CASE("what is changed again and again is healed with growing delays") {
  Bench bench;
  bench.status.backlog_limit = 64;
  for (int second = 0; second < 60; ++second) bench.look();
  // At once, and after 2, 4, 8 and 16 seconds more.
  CHECK(bench.healings == 5);
}

TEST_CASE("with drift: ignore nothing is told or healed, and the status shows it all the same") {
  Bench bench(Drift::kIgnore);
  bench.status.enabled = 0;
  bench.status.backlog_limit = 64;
  CHECK(bench.look().empty());
  CHECK(bench.healings == 0);
  CHECK(bench.keeper.troubles().auditing_off == 1);
  CHECK(bench.keeper.troubles().drifted == 1);
}

TEST_CASE("programs that wait are told when that begins and when it has been over for a while") {
  Bench bench;
  bench.status.backlog_wait_time_actual = 1000;
  CHECK(bench.look().empty());
  bench.status.backlog_wait_time_actual = 1250;
  const Texts began = bench.look();
  REQUIRE(began.size() == 1);
  CHECK(began.front().starts_with("op=stall waited_ms="));
  CHECK(bench.keeper.troubles().stalled == 1);
  bench.status.backlog_wait_time_actual = 1300;
  CHECK(bench.look().empty());
  for (int second = 0; second < 9; ++second) CHECK(bench.look().empty());
  const Texts ended = bench.look();
  REQUIRE(ended.size() == 1);
  CHECK(ended.front().starts_with("op=stall-over waited_ms="));
  CHECK(bench.keeper.troubles().stalled == 0);
  // Somebody resets it.
  bench.status.backlog_wait_time_actual = 0;
  CHECK(bench.look().empty());
}
