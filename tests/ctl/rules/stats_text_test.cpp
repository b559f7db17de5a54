// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/rules/stats_text.hpp"

#include <algorithm>

#include "tests/support/catch.hpp"

using namespace naudit;

namespace {

constexpr const char* kStats = R"({
  "windows_s": [64.0, 304.0, 720.5],
  "keys": [
    {"key":"exec","rate_1m":812.4,"rate_5m":20.25,"rate_15m":8.1,"share":0.9,"total":123456,
     "last_seen":"2026-01-02T03:04:05.678Z","rules_count":2,
     "rules":[{"rule":"-a always,exit -S execve -F key=exec","place":"r.yaml:3:5"},
              {"rule":"-a always,exit -S execveat -F key=exec","place":null}]},
    {"key":"gone","rate_1m":0.016,"rate_5m":300,"rate_15m":0,"share":0,"total":1,"last_seen":null,"rules_count":0,
     "rules":[]}],
  "all": {"rate_1m":900,"rate_5m":400,"rate_15m":9,"share":1,"total":200000,"last_seen":"2026-01-02T03:04:05.678Z"},
  "no_key": {"rate_1m":1,"rate_5m":1,"rate_15m":1,"share":0,"total":5,"last_seen":null},
  "no_call": {"rate_1m":0,"rate_5m":0,"rate_15m":0,"share":0,"total":0,"last_seen":null},
  "more_keys": {"rate_1m":0,"rate_5m":0,"rate_15m":0,"share":0,"total":0,"last_seen":null},
  "quiet_keys": ["time", "mount"]})";

std::string text(const ctl::RuleStatsView& view, const char* json = kStats) {
  rapidjson::Document stats;
  stats.Parse(json);
  REQUIRE_FALSE(stats.HasParseError());
  return ctl::rule_stats_text(stats, view);
}

}  // namespace

TEST_CASE("the table of keys, the noisiest first, each with its rules") {
  CHECK(text({}) ==
        "KEY            1 MIN    5 MIN   15 MIN   SHARE       TOTAL  LAST SEEN (UTC)\n"
        "exec             812     20.2     8.10   90.3%      123456  2026-01-02 03:04:05\n"
        "    -a always,exit -S execve -F key=exec    # r.yaml:3:5\n"
        "    -a always,exit -S execveat -F key=exec\n"
        "gone           0.016      300        0    0.0%           1  \n"
        "    (no loaded rule has this key any more)\n"
        "(no key)        1.00     1.00     1.00    0.1%           5  \n"
        "all events       900      400     9.00  100.0%      200000  2026-01-02 03:04:05\n"
        "counting since 720 s\n"
        "no event yet: time, mount\n");
}

TEST_CASE("no line of the table is longer than the terminal is wide") {
  CHECK(text({.rules = false, .width = 78}).find("2026-01-02 03:04:05") == std::string::npos);
  const std::string shown = text({.width = 72});
  CHECK_THAT(shown, Catch::StartsWith("KEY            1 MIN    5 MIN   15 MIN   SHARE       TOTAL  SEEN (UTC)\n"
                                      "exec             812     20.2     8.10   90.3%      123456  03:04:05\n"
                                      "    -a always,exit -S execve -F key=exec    # r.yaml:3:5\n"));
  std::size_t longest = 0;
  for (std::size_t start = 0; start < shown.size();) {
    const std::size_t end = shown.find('\n', start);
    longest = std::max(longest, end - start);
    start = end + 1;
  }
  CHECK(longest <= 72);
}

TEST_CASE("another window sorts anew, and few keys leave a word on the others") {
  const std::string shown = text({.window = 1, .most = 1, .rules = false});
  CHECK_THAT(shown, Catch::Contains("\ngone ") && !Catch::Contains("\nexec ") &&
                        Catch::Contains("… and 1 more keys; --most shows them\n") && !Catch::Contains("-a always") &&
                        Catch::Contains(" 75.0%"));
}

TEST_CASE("what another version does not say is shown as nothing") {
  CHECK_THAT(text({}, "{}"), Catch::Contains("all events"));
}
