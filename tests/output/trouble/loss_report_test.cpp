// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/loss_report.hpp"

#include "tests/support/catch.hpp"

namespace naudit::output {
namespace {

using namespace std::chrono_literals;
using TimePoint = LossReport::TimePoint;

}  // namespace

TEST_CASE("losses of one cause are added up and told at most once a second") {
  LossReport report;
  const TimePoint start{};
  CHECK(report.due() == TimePoint::max());
  report.add("queue full", 3, "a", "b");
  CHECK(report.due() <= start);
  CHECK(report.next(start)->events == 3);
  report.add("queue full", 4, "c", "d");
  report.add("queue full", 5, "e", "f");
  CHECK_FALSE(report.next(start + 999ms));
  CHECK(report.due() == start + 1s);
  const auto loss = report.next(start + 1s);
  REQUIRE(loss);
  CHECK(loss->events == 9);
  CHECK(loss->first_id == "c");
  CHECK(loss->last_id == "f");
  CHECK(report.due() == TimePoint::max());
}

TEST_CASE("two causes are two losses, a second apart") {
  LossReport report;
  report.add("queue full", 1, "a", "a");
  report.add("refused by server 413", 2, "b", "c");
  CHECK(report.next(TimePoint{})->cause == "queue full");
  CHECK_FALSE(report.next(TimePoint{}));
  CHECK(report.next(TimePoint{} + 1s)->cause == "refused by server 413");
}

TEST_CASE("the number of causes is bounded and no event goes uncounted") {
  LossReport report;
  for (int i = 0; i < 100; ++i) report.add("cause " + std::to_string(i), 1, "a", "a");
  std::uint64_t told = 0;
  int losses = 0;
  while (const auto loss = report.rest()) {
    told += loss->events;
    ++losses;
  }
  CHECK(told == 100);
  CHECK(losses == 8);
}

TEST_CASE("no loss is no report") {
  LossReport report;
  report.add("queue full", 0, "", "");
  CHECK_FALSE(report.rest());
}

}  // namespace naudit::output
