// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "correlate/serial_gaps.hpp"

#include <cstdint>
#include <initializer_list>

#include "tests/support/catch.hpp"

namespace naudit::correlate {
namespace {

using namespace std::chrono_literals;

class Bench {
 public:
  Bench& came(std::initializer_list<std::uint32_t> serials) {
    for (const std::uint32_t serial : serials) gaps.note(serial, now);
    gaps.publish();
    return *this;
  }
  Bench& wait(std::chrono::milliseconds time) {
    now += time;
    gaps.age(now);
    return *this;
  }
  void check_found(std::uint32_t first, std::uint32_t last, std::uint64_t events, std::uint64_t count) {
    const auto found = gaps.take_found();
    REQUIRE(found);
    CHECK(found->first == first);
    CHECK(found->last == last);
    CHECK(found->events == events);
    CHECK(found->gaps == count);
  }

  TimePoint now{1000s};
  SerialGaps gaps{2000ms};
};

TEST_CASE("serials in a row are no gap, wherever they begin and however many records each has") {
  Bench bench;
  bench.came({700, 700, 700, 701, 702, 702}).wait(10s);
  CHECK_FALSE(bench.gaps.take_found());
  CHECK(bench.gaps.counters().events.value() == 0);
  CHECK(bench.gaps.counters().next.value() == 704);
  CHECK(bench.gaps.counters().settled.value() == 704);
}

TEST_CASE("a hole is a gap once it has been open for the time-out, with its first, its last and its number") {
  Bench bench;
  bench.came({10, 15});
  CHECK(bench.gaps.next_due() == bench.now + 2s);
  CHECK(bench.gaps.counters().settled.value() == 12);
  bench.wait(1999ms);
  CHECK_FALSE(bench.gaps.take_found());
  bench.wait(1ms);
  bench.check_found(11, 14, 4, 1);
  CHECK(bench.gaps.counters().events.value() == 4);
  CHECK(bench.gaps.counters().settled.value() == 17);
  CHECK_FALSE(bench.gaps.next_due());
  CHECK_FALSE(bench.gaps.take_found());
}

TEST_CASE("serials that overtake each other close their holes") {
  Bench bench;
  bench.came({10, 14, 12, 11, 13, 16, 15}).wait(10s);
  CHECK_FALSE(bench.gaps.take_found());
  CHECK(bench.gaps.counters().settled.value() == 18);
}

TEST_CASE("events behind a later one are counted, with the most that one of them came behind") {
  Bench bench;
  const auto& counters = bench.gaps.counters();
  bench.came({1, 2, 3, 4});
  CHECK(counters.out_of_order.value() == 0);
  bench.came({10, 8, 8, 10, 9, 5});
  CHECK(counters.out_of_order.value() == 3);
  CHECK(counters.worst_lag.value() == 5);
  // What was told as missing and comes after all is one of them; what came already is not.
  bench.wait(2s).came({7, 7, 6, 2});
  CHECK(counters.late.value() == 2);
  CHECK(counters.out_of_order.value() == 5);
  CHECK(counters.worst_lag.value() == 5);
}

TEST_CASE("with a limit a serial is missing when so many came behind it, once, and not before") {
  Bench bench;
  bench.gaps.set_most_behind(500);
  bench.came({1, 2});
  for (std::uint32_t serial = 4; serial <= 503; ++serial) bench.came({serial});
  CHECK_FALSE(bench.gaps.take_found());
  bench.came({504});
  bench.check_found(3, 3, 1, 1);
  for (std::uint32_t serial = 505; serial <= 600; ++serial) bench.came({serial});
  CHECK_FALSE(bench.gaps.take_found());
  CHECK(bench.gaps.counters().events.value() == 1);
  bench.came({602, 601});
  CHECK(bench.gaps.counters().out_of_order.value() == 1);
  CHECK(bench.gaps.counters().worst_lag.value() == 1);
}

TEST_CASE("a limit of serials counts on over the end of 32 bits") {
  Bench bench;
  bench.gaps.set_most_behind(3);
  bench.came({0xFFFFFFFD, 0xFFFFFFFF, 0, 1, 2});
  bench.check_found(0xFFFFFFFE, 0xFFFFFFFE, 1, 1);
}

TEST_CASE("what closes a hole in its middle leaves two") {
  Bench bench;
  bench.came({10, 20, 15, 11, 19}).wait(2s);
  bench.check_found(12, 18, 6, 2);
}

TEST_CASE("gaps of one look are told together, and those of the next one apart") {
  Bench bench;
  bench.came({1, 3, 5}).wait(2s);
  bench.check_found(2, 4, 2, 2);
  bench.came({9}).wait(2s);
  bench.check_found(6, 8, 3, 1);
  CHECK(bench.gaps.counters().gaps.value() == 3);
}

TEST_CASE("serials wrap at 32 bits without a gap, and a gap may lie on that border") {
  Bench bench;
  bench.came({0xfffffffeU, 0xffffffffU, 0, 1}).wait(2s);
  CHECK_FALSE(bench.gaps.take_found());
  Bench other;
  other.came({0xfffffffeU, 2}).wait(2s);
  other.check_found(0xffffffffU, 1, 3, 1);
}

TEST_CASE("a run that goes on where another one ended finds what came in between") {
  Bench bench;
  bench.gaps.begin_at(500);
  bench.came({512}).wait(2s);
  bench.check_found(500, 511, 12, 1);
  Bench other;
  other.gaps.begin_at(500);
  other.came({500, 501}).wait(2s);
  CHECK_FALSE(other.gaps.take_found());
}

TEST_CASE("the record of our own unregistration is not missing, and what else is there is") {
  Bench idle;
  idle.gaps.begin_at(500, /*has_own=*/true);
  idle.came({501}).wait(2s);
  CHECK_FALSE(idle.gaps.take_found());
  CHECK(idle.gaps.counters().gaps.value() == 0);
  idle.came({503}).wait(2s);
  idle.check_found(502, 502, 1, 1);

  Bench busy;
  busy.gaps.begin_at(500, true);
  busy.came({510}).wait(2s);
  busy.check_found(500, 509, 9, 1);

  Bench came;
  came.gaps.begin_at(500, true);
  came.came({500, 502}).wait(2s);
  came.check_found(501, 501, 1, 1);
}

TEST_CASE("an event that was given up and comes after all is counted, once") {
  Bench bench;
  bench.came({1, 5}).wait(2s);
  bench.check_found(2, 4, 3, 1);
  bench.came({3, 6, 3});
  CHECK(bench.gaps.counters().late.value() == 1);
  bench.came({5, 1});
  CHECK(bench.gaps.counters().late.value() == 1);
}

TEST_CASE("holes count from when somebody looks again") {
  Bench bench;
  bench.came({1, 3});
  bench.now += 60s;
  bench.gaps.restart(bench.now);
  bench.wait(1s);
  CHECK_FALSE(bench.gaps.take_found());
  bench.came({2}).wait(10s);
  CHECK_FALSE(bench.gaps.take_found());
}

TEST_CASE("at the end every hole is a gap") {
  Bench bench;
  bench.came({1, 3}).gaps.give_up();
  bench.check_found(2, 2, 1, 1);
}

TEST_CASE("more holes than are remembered are given up from the oldest on, and none is forgotten") {
  Bench bench;
  constexpr auto kHoles = static_cast<std::uint32_t>(SerialGaps::kMostHoles) + 10;
  for (std::uint32_t serial = 0; serial <= 2 * kHoles; serial += 2) bench.came({serial});
  CHECK(bench.gaps.counters().events.value() == 10);
  bench.wait(2s);
  CHECK(bench.gaps.counters().events.value() == kHoles);
}

}  // namespace
}  // namespace naudit::correlate
