// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What nauditctl rules stats, and the metrics over HTTP, tell of a running nauditd.
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <rapidjson/document.h>

#include "tests/kernel/nauditd.hpp"
#include "tests/kernel/support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/line_server.hpp"
#include "tests/support/program.hpp"

using namespace naudit::test;
using Catch::Matchers::Contains;

TEST_CASE("the events of a rule are told by its keys, with the rule and its place") {
  const Home home;
  home.set_rules(
      "rules:\n"
      "  - {key: naudit-test, tags: [T1083], syscalls: openat, arch: b64, where: ['uid = " +
      std::to_string(kTestUid) +
      "', success = 0]}\n"
      "  - {key: naudit-test-quiet, syscalls: mkdir, arch: b64, where: 'uid = " +
      std::to_string(kTestUid) + "'}\n");
  Nauditd daemon(home);
  REQUIRE(daemon.wait_until_ready());
  Generator(300).wait();
  // The generator may fail to open more than its own files, its libraries' for instance.
  const auto made = [&] { return count_lines_with(home.file("events.json"), "\"naudit-test\""); };
  REQUIRE(wait_until([&] { return made() >= 300; }));

  const auto asked = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments{NAUDIT_NAUDITCTL, "rules", "stats", "--socket", home.file("control.sock")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    naudit::tests::Program program(arguments);
    std::string told = program.rest();
    CHECK(program.wait() == 0);
    return told;
  };
  const std::string answer = asked({"--json"});
  rapidjson::Document stats;
  stats.Parse(answer.c_str());
  REQUIRE(stats.IsObject());
  for (const char* name : {"naudit-test", "T1083"}) {
    INFO(answer);
    const rapidjson::Value* found = nullptr;
    for (const auto& key : stats["keys"].GetArray())
      if (key["key"] == name) found = &key;
    REQUIRE(found != nullptr);
    CHECK((*found)["total"].GetUint64() >= 300);
    CHECK((*found)["rate_1m"].GetDouble() > 4);
    REQUIRE((*found)["rules"].Size() == 1);
    CHECK((*found)["rules"][0]["place"] == (home.file("rules.yaml") + ":2:5").c_str());
  }
  CHECK_THAT(answer, Contains("\"quiet_keys\":[\"naudit-test-quiet\"]"));
  const std::string table = asked({"--watch", "0.1", "--count", "2"});
  CHECK_THAT(table, Contains("\nnaudit-test ") && Contains("no event yet: naudit-test-quiet"));
  CHECK(daemon.stop() == 0);
  delete_our_rules();
}

TEST_CASE("the metrics over HTTP are those of the control socket, and a scrape shows what came meanwhile") {
  const Home home;
  const std::string listen = naudit::tests::LineServer().address();  // free again by now
  home.configure(Home::kLog, "", "metrics: {listen: '" + listen + "'}\n");
  Nauditd daemon(home);
  REQUIRE(daemon.wait_until_ready());
  const auto printed = [](const std::vector<std::string>& command) {
    naudit::tests::Program program(command);
    std::string told = program.rest();
    CHECK(program.wait() == 0);
    return told;
  };
  const std::string request =
      "import urllib.request as r; print(r.urlopen('http://" + listen + "/metrics').read().decode())";
  const auto scrape = [&] { return printed({"/usr/bin/python3", "-c", request}); };
  // The names, without the samples.
  const auto names = [](const std::string& text) {
    std::set<std::string> found;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with("# TYPE ")) found.insert(line);
    return found;
  };
  const auto value = [](const std::string& text, const std::string& series) {
    const std::size_t at = text.find('\n' + series + ' ');
    return at == std::string::npos ? -1.0 : std::stod(text.substr(at + series.size() + 2));
  };
  const std::string before = scrape();
  CHECK(names(before).size() > 50);
  CHECK(names(before) == names(printed({NAUDIT_NAUDITCTL, "metrics", "--socket", home.file("control.sock")})));
  CHECK(value(before, "naudit_registered") == 1);
  Generator(300).wait();
  REQUIRE(wait_until([&] { return count_lines_with(home.file("events.json"), "\"naudit-test\"") >= 300; }));
  const std::string sent = "naudit_sink_events_out_total{sink=\"log\"}";
  CHECK(wait_until([&] { return value(scrape(), sent) >= value(before, sent) + 300; }));
  CHECK(daemon.stop() == 0);
  delete_our_rules();
}
