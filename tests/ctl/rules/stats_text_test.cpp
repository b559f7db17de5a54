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

TEST_CASE("whatever a key, a rule or a place is called, a terminal gets nothing of it but what is shown") {
  const std::string shown = text({}, R"({"windows_s":["x"],"quiet_keys":["a\u001bb"],"keys":[
      {"key":"e\u001b[2Jx","last_seen":"\u0007","rules_count":1,"rules":[{"rule":"-w /a\u202eb","place":"r\u009b:1"}]}]})");
  CHECK_THAT(shown, Catch::Contains("e\\x1b[2Jx ") &&
                        Catch::Contains("    -w /a\\xe2\\x80\\xaeb    # r\\xc2\\x9b:1\n") &&
                        Catch::Contains("no event yet: a\\x1bb\n"));
  CHECK(shown.find('\x1b') == std::string::npos);
}

TEST_CASE("what another version does not say is shown as nothing") {
  CHECK_THAT(text({}, "{}"), Catch::Contains("all events"));
}

TEST_CASE("between two looks the rate is that of the time that has passed, and orders the table") {
  rapidjson::Document stats;
  stats.Parse(kStats);
  ctl::RuleStatsLook before = ctl::rule_stats_look(stats);
  // 30 events of one key within 2 s: a storm that has just begun is seen at once.
  stats["keys"][1]["total"].SetUint64(31);
  stats["all"]["total"].SetUint64(200030);
  before.seconds = 2;
  const std::string shown = ctl::rule_stats_text(stats, {.rules = false, .before = &before});
  CHECK_THAT(shown, Catch::StartsWith("KEY              NOW    1 MIN    5 MIN   15 MIN   SHARE       TOTAL\n"
                                      "gone            15.0    0.016      300        0    0.0%          31\n"
                                      "exec               0      812     20.2     8.10   90.3%      123456\n"));
  CHECK_THAT(shown, Catch::Contains("all events      15.0      900      400     9.00  100.0%      200030\n"));
}

TEST_CASE("a daemon that was restarted between two looks counts anew") {
  rapidjson::Document stats;
  stats.Parse(kStats);
  ctl::RuleStatsLook before = ctl::rule_stats_look(stats);
  before.seconds = 10;
  stats["keys"][0]["total"].SetUint64(50);
  CHECK_THAT(ctl::rule_stats_text(stats, {.rules = false, .before = &before}),
             Catch::Contains("exec            5.00      812     20.2     8.10   90.3%          50\n"));
}
