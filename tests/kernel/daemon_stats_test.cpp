// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What nauditctl rules stats tells of a running nauditd.
#include <rapidjson/document.h>

#include "tests/kernel/nauditd.hpp"
#include "tests/kernel/support.hpp"
#include "tests/support/catch.hpp"
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
