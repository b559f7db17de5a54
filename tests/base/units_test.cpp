// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "base/units.hpp"

#include "tests/support/catch.hpp"

using namespace naudit::base;
using namespace std::chrono_literals;

TEST_CASE("a size is read with its unit and printed in the shortest exact form", "[units]") {
  CHECK(parse_size("512") == 512U);
  CHECK(parse_size("512B") == 512U);
  CHECK(parse_size("8KiB") == 8192U);
  CHECK(parse_size("64 MiB") == 64U << 20U);
  CHECK(parse_size("1GB") == 1'000'000'000U);
  CHECK(parse_size("0") == 0U);
  CHECK(size_text(0) == "0");
  CHECK(size_text(64U << 20U) == "64MiB");
  CHECK(size_text(1025) == "1025");
}

TEST_CASE("what is not a size is refused", "[units]") {
  for (const char* text :
       {"", "MiB", "-1", "1.5MiB", "64mib", "64MiBs", "1 000", "9999999999999999999", "9999999TiB"}) {
    INFO(text);
    CHECK_FALSE(parse_size(text).has_value());
  }
}

TEST_CASE("a duration needs its unit, except for zero", "[units]") {
  CHECK(parse_duration("250ms") == 250ms);
  CHECK(parse_duration("2s") == 2s);
  CHECK(parse_duration("5m") == 5min);
  CHECK(parse_duration("1h") == 1h);
  CHECK(parse_duration("2d") == 48h);
  CHECK(parse_duration("0") == 0ms);
  for (const char* text : {"", "5", "s", "-1s", "1.5s", "1m30s", "99999999999999999999s", "99999999999d"}) {
    INFO(text);
    CHECK_FALSE(parse_duration(text).has_value());
  }
  CHECK(duration_text(0ms) == "0s");
  CHECK(duration_text(90s) == "90s");
  CHECK(duration_text(1500ms) == "1500ms");
  CHECK(duration_text(120s) == "2m");
}

TEST_CASE("every size and duration that is printed reads back", "[units]") {
  for (const std::uint64_t value : {1ULL, 999ULL, 1024ULL, 1000ULL, 3ULL << 30U, 86'400'000ULL, 123'456'789ULL}) {
    CHECK(parse_size(size_text(value)) == value);
    const std::chrono::milliseconds duration{static_cast<std::int64_t>(value)};
    CHECK(parse_duration(duration_text(duration)) == duration);
  }
}
