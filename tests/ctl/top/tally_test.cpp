// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/top/tally.hpp"

#include <string>

#include <fmt/format.h>

#include "tests/ctl/run.hpp"
#include "tests/ctl/scripted_daemon.hpp"
#include "tests/support/catch.hpp"

namespace naudit::ctl {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::Contains;

std::string event(std::string_view how, std::string_view subject, std::string_view keys = "") {
  return fmt::format(
      "{{\"id\":\"1.000:1\",\"keys\":[{}],\"action\":\"opened-file\",\"subject\":{{{}}},\"how\":\"{}\"}}\n", keys,
      subject, how);
}

const std::string kJo = R"("auid":1000,"auid_name":"jo","uid":0,"uid_name":"root")";
const std::string kDaemon = R"("auid":4294967295,"auid_name":"unset","uid":33,"uid_name":"www-data")";

Tally::View view(std::size_t kind, std::size_t most = 10, std::size_t width = 0) {
  Tally::View view{.kinds = {}, .most = most, .width = width};
  view.kinds.at(kind) = true;
  return view;
}
constexpr std::size_t kProgram = 0, kUser = 1, kKey = 2;

TEST_CASE("events are told apart by program, and the rates are of the time that has passed") {
  const Tally::TimePoint start{};
  Tally tally(start);
  for (int i = 0; i < 30; ++i) tally.take(event("/usr/bin/find", kJo));
  for (int i = 0; i < 10; ++i) tally.take(event("/usr/sbin/cron", kDaemon));
  CHECK(tally.text(view(kProgram), start + 10s) ==
        "40 events, 4.00 a second in the last 10.0 s\n\n"
        "    NOW/S    MEAN/S   SHARE     EVENTS  PROGRAM\n"
        "     3.00      3.00   75.0%         30  /usr/bin/find\n"
        "     1.00      1.00   25.0%         10  /usr/sbin/cron\n");
  // A storm that began with this interval comes first, and is not divided by a minute.
  for (int i = 0; i < 20; ++i) tally.take(event("/usr/sbin/cron", kDaemon));
  CHECK(tally.text(view(kProgram), start + 12s) ==
        "60 events, 10.0 a second in the last 2.0 s\n\n"
        "    NOW/S    MEAN/S   SHARE     EVENTS  PROGRAM\n"
        "     10.0      2.50   50.0%         30  /usr/sbin/cron\n"
        "        0      2.50   50.0%         30  /usr/bin/find\n");
}

TEST_CASE("a user is who logged in, else whom the program runs as, by name if there is one") {
  Tally tally(Tally::TimePoint{});
  tally.take(event("/x", kJo) + event("/x", kDaemon) + event("/x", R"("auid":1001,"uid":0,"uid_name":"root")") +
             event("/x", ""));
  const std::string text = tally.text(view(kUser), Tally::TimePoint{} + 1s);
  for (const char* const name : {"  jo\n", "  www-data\n", "  1001\n", "  (no user)\n"})
    CHECK_THAT(text, Contains(name));
  CHECK_THAT(text, !Contains("root") && !Contains("unset"));
}

TEST_CASE("an event counts for each of its keys; one without a key, or a program, has a row, too") {
  Tally tally(Tally::TimePoint{});
  tally.take(event("/x", kJo, R"("a","b")") + event("/x", kJo, R"("a")") + event("/x", kJo));
  CHECK_THAT(tally.text(view(kKey), Tally::TimePoint{} + 1s),
             Contains("         2  a\n") && Contains("         1  b\n") && Contains("         1  (no key)\n"));
  tally.take("{\"id\":\"1.000:1\",\"subject\":{\"comm\":\"kworker\"}}\n{\"id\":\"1.000:2\"}\n");
  CHECK_THAT(tally.text(view(kProgram), Tally::TimePoint{} + 2s),
             Contains("  kworker\n") && Contains("  (no program)\n"));
}

TEST_CASE("a stream comes in any pieces; what was left out is told and is no event") {
  const std::string text = event("/a", kJo) +
                           R"({"notice":"left_out","events":12,"first_id":"1.0:1"})"
                           "\n" +
                           event("/a", kJo);
  Tally tally(Tally::TimePoint{});
  for (const char c : text) tally.take({&c, 1});
  tally.take("not JSON\n[]\n{\"a\":" + std::string(100'000, '[') + "\n");
  CHECK(tally.events() == 2);
  CHECK_THAT(tally.text(view(kProgram), Tally::TimePoint{} + 1s),
             Contains("! 12 events came too fast to be counted here\n"));
}

TEST_CASE("the rows fit the terminal, are as many as wanted, and names that a program chose stay text") {
  Tally tally(Tally::TimePoint{});
  tally.take(event("/opt/a/very/long/path/to/some/program", kJo) + event("/opt/a/very/long/path/to/some/program", kJo) +
             event("/b\\u001b[2J", kJo) + event("/c", kJo));
  const std::string text = tally.text(view(kProgram, 2, 60), Tally::TimePoint{} + 1s);
  CHECK_THAT(text, Contains("  …ath/to/some/program\n"));  // 20 columns behind the numbers
  CHECK_THAT(text, !Contains("\033"));
  CHECK_THAT(text, Contains("… and 1 more; --most shows them\n"));
}

TEST_CASE("memory for names has an end") {
  Tally tally(Tally::TimePoint{});
  for (std::size_t i = 0; i < Tally::kMostNames + 100; ++i) tally.take(event("/" + std::to_string(i), kJo));
  tally.take(event("/0", kJo));
  CHECK_THAT(tally.text(view(kProgram, 2), Tally::TimePoint{} + 1s),
             Contains("       100  (others)\n") && Contains("         2  /0\n"));
}

TEST_CASE("nauditctl top counts a stream and shows it in time") {
  const auto run = [](const std::vector<std::string>& options) {
    tests::ScriptedDaemon daemon("{\"ok\":true}\n" + event("/usr/bin/find", kJo, "\"k\"") +
                                 event("/usr/bin/find", kJo));
    std::vector<std::string> arguments = {"top", "--socket", daemon.path()};
    arguments.insert(arguments.end(), options.begin(), options.end());
    auto outcome = test::run(NAUDIT_NAUDITCTL, arguments);
    outcome.error += daemon.request();
    return outcome;
  };
  const auto outcome = run({"--key", "k"});
  CHECK_THAT(outcome.out,
             Contains("2 events, ") && Contains(" 2  /usr/bin/find\n") && Contains("USER\n") && Contains(" 2  jo\n"));
  CHECK(outcome.error == "nauditd has stopped.\n{\"command\":\"tail\",\"format\":\"json\",\"keys\":[\"k\"]}\n");
  CHECK(outcome.code == 1);
  CHECK_THAT(run({"--by", "key"}).out, Contains(" 1  k\n") && Contains(" 1  (no key)\n") && !Contains("PROGRAM"));
  CHECK(test::run(NAUDIT_NAUDITCTL, {"top", "--by", "weather"}).code == 2);
}

}  // namespace
}  // namespace naudit::ctl
