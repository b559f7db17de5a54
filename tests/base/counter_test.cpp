// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "base/counter.hpp"

#include <array>

#include "tests/support/catch.hpp"

namespace naudit::base {
namespace {

struct Plain {
  std::uint64_t large = std::uint64_t{1} << 63U;
  std::uint32_t small = 3;
  std::optional<std::uint32_t> told;
};
struct Stage : Plain {
  Counter counted;
};

}  // namespace

TEST_CASE("a counter goes up and down") {
  Counter counter;
  counter.add(5);
  counter.subtract(2);
  CHECK(counter.value() == 3);
  counter.set(1);
  CHECK(counter.value() == 1);
}

TEST_CASE("rows read members of every kind, also of a base class, and leave out what has no value") {
  constexpr auto kPlain = std::to_array<CounterRow<Plain>>({
      {{"large", "", CounterKind::kGauge, ""}, &Plain::large},
      {{"small", "", CounterKind::kGauge, ""}, &Plain::small},
      {{"told", "", CounterKind::kGauge, ""}, &Plain::told},
  });
  constexpr auto kStage = std::to_array<CounterRow<Stage>>({
      {{"counted", "times", CounterKind::kFault, "that it went wrong"}, &Stage::counted},
  });
  Stage stage;
  stage.counted.add(7);
  std::vector<Reading> readings;
  read_counters(kPlain, stage, readings);
  read_counters(kStage, stage, readings);
  REQUIRE(readings.size() == 3);
  CHECK(readings[0].value == std::uint64_t{1} << 63U);
  CHECK(readings[1].value == 3);
  CHECK(readings[2].value == 7);
  CHECK(readings[2].text.name == "counted");
  CHECK(readings[2].text.kind == CounterKind::kFault);

  stage.told = 9;
  readings.clear();
  read_counters(kPlain, stage, readings);
  REQUIRE(readings.size() == 3);
  CHECK(readings[2].value == 9);
}

}  // namespace naudit::base
