// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/convert/time_word.hpp"

#include <cstdlib>
#include <ctime>
#include <string>

#include "tests/support/catch.hpp"

namespace naudit::ctl {
namespace {

// Local time as in a place, until the end of the test. POSIX's form needs no zone files: two hours east in summer.
class Zone {
 public:
  explicit Zone(const char* name) {
    setenv("TZ", name, 1);
    tzset();
  }
  Zone(const Zone&) = delete;
  Zone& operator=(const Zone&) = delete;
  ~Zone() {
    unsetenv("TZ");
    tzset();
  }
};

constexpr const char* kMiddleEurope = "CET-1CEST,M3.5.0,M10.5.0/3";
constexpr std::int64_t kNow = 1700000000123;  // 2023-11-14T22:13:20.123Z

TEST_CASE("a moment is read in each form that people write") {
  const Zone zone(kMiddleEurope);
  struct Case {
    const char* word;
    std::int64_t seconds;
    int millis = 0;
  };
  const Case cases[] = {
      {"now", 1700000000, 123},
      {"2023-11-14T22:13:20Z", 1700000000},
      {"2023-11-14T22:13:20.5Z", 1700000000, 500},
      {"2023-11-14 23:13:20+01:00", 1700000000},
      {"2023-11-14 17:13:20-0500", 1700000000},
      {"2023-11-14 23:13:20", 1700000000},
      {"2023-11-14T23:13", 1699999980},
      {"2023-11-14", 1699916400},
      {"2023-07-01 12:00", 1688205600},  // summer: two hours
      {"23:00", 1699999200},
      {"today", 1699916400},
      {"yesterday", 1699830000},
      {"30s", 1699999970, 123},
      {"15m", 1699999100, 123},
      {"2h ago", 1699992800, 123},
      {"3d", 1699740800, 123},
      {"1w ago", 1699395200, 123},
      {"@1700000000", 1700000000},
      {"@1700000000.1234", 1700000000, 123},
  };
  for (const Case& one : cases) {
    CAPTURE(one.word);
    CHECK(time_of_word(one.word, kNow) == one.seconds * 1000 + one.millis);
  }
}

TEST_CASE("what is no moment is none") {
  for (const char* const word : {"",
                                 "x",
                                 "2023",
                                 "2023-13-01",
                                 "2023-02-30",
                                 "2023-11-14x",
                                 "2023-11-14 25:00",
                                 "24:00",
                                 "9:00",
                                 "12:60",
                                 "5",
                                 "5y",
                                 "-1h",
                                 "h",
                                 "1h later",
                                 "2023-11-14T22:13:20+1",
                                 "@",
                                 "@x",
                                 "@1.",
                                 "2023-11-14T22:13:20.Z",
                                 "99999999999h",
                                 "Today",
                                 "2023-11-14 ",
                                 "@-5"})
    CHECK(time_of_word(word, kNow) == std::nullopt);
}

}  // namespace
}  // namespace naudit::ctl
