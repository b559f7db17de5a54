// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "correlate/event_time.hpp"

#include <array>
#include <cstdint>
#include <ctime>
#include <limits>
#include <string>

#include "tests/support/catch.hpp"

namespace naudit::correlate {
namespace {

TEST_CASE("a stamp is date and time in UTC, to the millisecond") {
  EventTime time;
  CHECK(time.text(0, 0) == "1970-01-01T00:00:00.000");
  CHECK(time.text(1700000000, 7) == "2023-11-14T22:13:20.007");
  CHECK(time.text(1700000000, 123) == "2023-11-14T22:13:20.123");
  CHECK(time.text(951782400, 999) == "2000-02-29T00:00:00.999");
  CHECK(EventTime(' ').text(1700000000, 123) == "2023-11-14 22:13:20.123");
}

TEST_CASE("a stamp beyond the last year that has four digits is that year's last second") {
  EventTime time;
  CHECK(time.text(253402300799, 1) == "9999-12-31T23:59:59.001");
  CHECK(time.text(253402300800, 1) == "9999-12-31T23:59:59.001");
  CHECK(time.text(std::numeric_limits<std::uint64_t>::max(), 0) == "9999-12-31T23:59:59.000");
}

TEST_CASE("stamps are what the C library makes of them") {
  EventTime time;
  for (std::uint64_t second = 0; second < 253402300800; second += 86'399'983) {
    const auto at = static_cast<std::time_t>(second);
    std::tm parts{};
    std::array<char, 32> text{};
    const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S.000", gmtime_r(&at, &parts));
    CHECK(time.text(second, 0) == std::string(text.data(), size));
  }
}

}  // namespace
}  // namespace naudit::correlate
