// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <unistd.h>

#include <string>
#include <vector>

#include <rapidjson/document.h>

#include "ctl/doctor/check.hpp"
#include "tests/ctl/run.hpp"
#include "tests/ctl/scripted_daemon.hpp"
#include "tests/support/catch.hpp"

using Catch::Matchers::Contains;

namespace naudit::ctl {
namespace {

test::Outcome doctor(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "doctor");
  return test::run(NAUDIT_NAUDITCTL, arguments);
}

// As somebody who is not root.
test::Outcome doctor_of_nobody(std::vector<std::string> arguments) {
  if (::geteuid() != 0) return doctor(std::move(arguments));
  arguments.insert(arguments.begin(), {"--reuid=65534", "--regid=65534", "--clear-groups", NAUDIT_NAUDITCTL, "doctor"});
  return test::run("/usr/bin/setpriv", arguments);
}

constexpr const char* kConfig = "sinks:\n  - {name: log, type: file, path: log/events.json}\n";

// The first finding of a check: "warning: what; fix", or its result.
std::string first_of(const rapidjson::Document& json, std::string_view id) {
  for (const auto& one : json["checks"].GetArray()) {
    if (one["id"].GetString() != id) continue;
    const auto& findings = one["findings"];
    if (findings.Empty()) return one["result"].GetString();
    const auto& first = *findings.Begin();
    return std::string(first["level"].GetString()) + ": " + first["what"].GetString() + "; " +
           first["fix"].Begin()->GetString();
  }
  return "no such check";
}

}  // namespace

TEST_CASE("doctor lists and explains its checks, and a wrong command line is not read as critical") {
  const test::Outcome list = doctor({"--list"});
  CHECK(list.code == 0);
  for (const Check& check : all_checks()) CHECK_THAT(list.out, Contains("\n" + std::string(check.id) + " "));
  const test::Outcome explained = doctor({"--explain", "stall"});
  CHECK(explained.code == 0);
  CHECK_THAT(explained.out, Contains("backlog_wait_time_actual") && Contains("At most: critical.\n"));
  CHECK(doctor({"--explain", "stal"}).code == 3);
  CHECK(doctor({"--only", "nonsense"}).code == 3);
  CHECK(doctor({"--nonsense"}).code == 3);
  CHECK(doctor({"--help"}).code == 0);
}

TEST_CASE("doctor asks the running daemon, and tells a dead sink and a key that makes all events") {
  const test::TempDir folder;
  folder.write("nauditd.yaml", kConfig);
  const std::string status =
      R"({"ok":true,"status":{"pid":1,"mode":"own","registration":"registered","sinks":[{"name":"siem","type":"tcp",)"
      R"("state":"disconnected, retrying in 3s","last_error":"Connection refused","events_dropped":0}]}})";
  const std::string stats = R"({"ok":true,"rule_stats":{"keys":[{"key":"a'b","share":0.95,"rate_1m":12}]}})";
  const tests::ScriptedDaemon daemon(status + '\n' + tests::ScriptedDaemon::kNextRequest + stats + '\n');
  const test::Outcome told = doctor({"--socket", daemon.path(), "--config", folder.file("nauditd.yaml"), "--interval",
                                     "0", "--json", "--only", "sinks", "--only", "noisy-key", "--only", "daemon"});
  INFO(told.out << told.error);
  CHECK(told.code == 2);
  rapidjson::Document json;
  json.Parse(told.out.c_str());
  REQUIRE(json.IsObject());
  REQUIRE(json["checks"].Size() == 3);
  CHECK(first_of(json, "daemon") == "well");
  CHECK(
      first_of(json, "sinks") ==
      "critical: The sink 'siem' delivers nothing: disconnected, retrying in 3s (Connection refused); nauditctl sinks");
  CHECK(first_of(json, "noisy-key") ==
        "warning: The key 'a'b' makes 95 % of the events, 12 a second; "
        R"(nauditctl top --by program --by user --key 'a'\''b')");
}

TEST_CASE("doctor reads counters twice, and tells what is being lost now") {
  const test::TempDir folder;
  folder.write("nauditd.yaml", kConfig);
  const auto answers = [](const char* dropped) {
    return std::string(
               R"({"ok":true,"status":{"pid":1,"mode":"own","registration":"registered","sinks":[{"name":"s",)") +
           R"("type":"tcp","state":"ok","events_dropped":)" + dropped + "}]}}\n" + tests::ScriptedDaemon::kNextRequest +
           R"({"ok":true,"rule_stats":{}})" + '\n';
  };
  const tests::ScriptedDaemon daemon({answers("5"), answers("12")});
  const test::Outcome told = doctor(
      {"--socket", daemon.path(), "--config", folder.file("nauditd.yaml"), "--interval", "0.1", "--only", "sinks"});
  CHECK(told.code == 2);
  CHECK_THAT(told.out, Contains("critical: The sink 's' is losing events: 7 in the "));
}

TEST_CASE("doctor tells an ordinary user what it could not look at") {
  const test::Outcome told = doctor_of_nobody(
      {"--socket", "/nonexistent/control.sock", "--interval", "0", "--only", "lost", "--only", "lost"});
  CHECK(told.code == 3);
  CHECK(told.out ==
        "not looked at: lost: only root can ask the kernel\n\n"
        "nothing found; of 1 check: 0 well, 1 not looked at, 0 not applying here\n");
}

TEST_CASE("doctor says that nauditd is not running, and does not say what it cannot know") {
  const test::Outcome told =
      doctor_of_nobody({"--socket", "/nonexistent/control.sock", "--interval", "0", "--only", "daemon"});
  CHECK(told.code == 2);
  CHECK_THAT(told.out, Contains("critical: nauditd is not running [daemon]") && Contains("enable --now nauditd"));
}

TEST_CASE("doctor tells a wrong configuration with its place, and a log that is not root's alone") {
  const test::TempDir folder;
  folder.write("nauditd.yaml", "sinks: []\nnonsense: 1\n");
  const auto run = [&](const std::string& only) {
    return doctor({"--socket", "/nonexistent/control.sock", "--config", folder.file("nauditd.yaml"), "--interval", "0",
                   "--only", only});
  };
  const test::Outcome wrong = run("config");
  CHECK(wrong.code == 2);
  CHECK_THAT(wrong.out, Contains("nauditd.yaml:2:1: "));
  folder.write("nauditd.yaml", kConfig);
  const test::Outcome missing = run("permissions");
  if (::geteuid() == 0) {
    CHECK(missing.code == 1);
    CHECK_THAT(missing.out, Contains("the folder '" + folder.file("log") + "' is not there") &&
                                Contains("fix: mkdir -p -m 0700 '" + folder.file("log") + "'"));
  } else {
    CHECK(missing.code == 3);
  }
  CHECK(run("config").code == 0);
}

}  // namespace naudit::ctl
