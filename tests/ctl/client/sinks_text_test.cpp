// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/client/sinks_text.hpp"

#include <sstream>
#include <string>

#include "ctl/client/columns.hpp"
#include "tests/ctl/run.hpp"
#include "tests/ctl/scripted_daemon.hpp"
#include "tests/support/catch.hpp"

using Catch::Matchers::Contains;
using naudit::ctl::sinks_report;

namespace {

constexpr const char* kSinks = R"([
  {"name":"log","type":"file","format":"json","state":"ok","last_error":"","events_in":900,"events_out":900,
   "events_dropped":0,"queue_bytes":0,"queue_events":0,"queue_age_seconds":0},
  {"name":"siem","type":"https","format":"json","state":"connection refused, retrying in 4s",
   "last_error":"https://siem:9200: connection refused\n\u001b[2Jgone","events_in":900,"events_out":100,
   "events_dropped":7,"queue_bytes":1572864,"queue_events":793,"queue_age_seconds":12,"warning":"no TLS"}])";

rapidjson::Document parsed(const char* json) {
  rapidjson::Document document;
  document.Parse(json);
  REQUIRE_FALSE(document.HasParseError());
  return document;
}

}  // namespace

TEST_CASE("each sink is a line with its state, what waits, what was sent and lost") {
  const auto report = sinks_report(parsed(kSinks), {});
  CHECK(report.text ==
        "  NAME  TYPE   STATE                                          WAITING  SENT  DROPPED\n"
        "  log   file   ok                                                   0   900        0\n"
        "! siem  https  connection refused, retrying in 4s  793, 1.5 MiB, 12 s   100        7\n"
        "      last error: https://siem:9200: connection refused\\x0a\\x1b[2Jgone\n"
        "      warning: no TLS\n");
  CHECK_FALSE(report.is_well);
}

TEST_CASE("what waits in a spool is told as that") {
  const auto report =
      sinks_report(parsed(R"([{"name":"siem","type":"https","state":"ok","events_out":1,"events_dropped":0,
   "queue_bytes":9,"queue_events":1,"queue_age_seconds":70,"spool_events":12345,"spool_bytes":1572864}])"),
                   {});
  CHECK_THAT(report.text, Contains("  12345 in spool, 1.5 MiB, 70 s     1        0\n"));
}

TEST_CASE("a long error is broken at the terminal's width") {
  std::istringstream lines(sinks_report(parsed(kSinks), {.width = 60, .colour = false}).text);
  std::size_t deep = 0;
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("      ")) {
      CHECK(naudit::ctl::width_of(line) <= 60);
      ++deep;
    }
  CHECK(deep >= 2);
}

TEST_CASE("no sinks, and sinks of a daemon that tells less, are shown as far as they go") {
  CHECK(sinks_report(parsed("[]"), {}).text == "  NAME  TYPE  STATE  WAITING  SENT  DROPPED\n");
  CHECK(sinks_report(parsed("[]"), {}).is_well);
  const auto report = sinks_report(parsed(R"([{"name":"a"},7])"), {});
  CHECK_FALSE(report.is_well);
  CHECK_THAT(report.text, Contains("! a "));
}

TEST_CASE("nauditctl sinks asks for the status, and its exit code says whether all is well") {
  const std::string answer = std::string(R"({"ok":true,"status":{"sinks":)") + "[{\"name\":\"log\",\"type\":\"file\"," +
                             R"("state":"ok","events_out":5}]}})" + '\n';
  naudit::tests::ScriptedDaemon daemon({answer, answer});
  const auto table = naudit::ctl::test::run(NAUDIT_NAUDITCTL, {"sinks", "--socket", daemon.path()});
  CHECK(table.code == 0);
  CHECK_THAT(table.out, Contains("log   file  ok"));
  const auto json = naudit::ctl::test::run(NAUDIT_NAUDITCTL, {"sinks", "--json", "--socket", daemon.path()});
  CHECK(json.out == "[{\"name\":\"log\",\"type\":\"file\",\"state\":\"ok\",\"events_out\":5}]\n");
  CHECK(daemon.request() == "{\"command\":\"status\"}\n{\"command\":\"status\"}\n");
}
