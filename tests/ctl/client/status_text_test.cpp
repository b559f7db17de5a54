// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/client/status_text.hpp"

#include <string>

#include "tests/support/catch.hpp"

using Catch::Matchers::Contains;
using naudit::ctl::status_report;
using naudit::ctl::StatusReport;

namespace {

constexpr const char* kWell = R"({
  "version":"0.1.0","pid":812,"node":"web1","config":"/etc/naudit/nauditd.yaml","uptime_s":93784,
  "mode":"own","registration":"registered",
  "kernel":{"enabled":1,"failure":1,"pid":812,"rate_limit":0,"backlog_limit":8192,"lost":0,"backlog":3,
            "backlog_wait_time":0,"backlog_wait_time_actual":0},
  "events":{"records":1234,"bytes":1572864,"events":400,"open":2,"incomplete":1,"late":0,"too_short":0},
  "sinks":[{"name":"log","type":"file","format":"json","state":"ok","last_error":"","events_in":400,"events_out":400,
            "bytes_out":99,"events_dropped":0,"retries":0,"queue_bytes":0,"queue_bytes_most":4096},
           {"name":"tail","type":"tail","format":"line","state":"ok","last_error":"","events_in":9,"events_out":5,
            "events_dropped":4,"retries":0,"queue_bytes":2048}],
  "rules":{"wanted":12,"foreign":2,"missing":0,"drifts":0,"error":""},
  "faults":[]})";

// The report on that status, with what stands at `pointer` (RFC 6901) replaced.
StatusReport report_with(const char* pointer, const char* json, bool colour = false) {
  rapidjson::Document document;
  document.Parse(kWell);
  REQUIRE_FALSE(document.HasParseError());
  rapidjson::Value* at = &document;
  for (std::string path = pointer; !path.empty();) {
    const std::size_t end = std::min(path.find('/', 1), path.size());
    const std::string name = path.substr(1, end - 1);
    at = at->IsArray() ? &(*at)[static_cast<rapidjson::SizeType>(std::stoul(name))] : &(*at)[name.c_str()];
    path.erase(0, end);
  }
  rapidjson::Document value;
  value.Parse(json);
  at->CopyFrom(value, document.GetAllocator());
  return status_report(document, {.width = 0, .colour = colour});
}

}  // namespace

TEST_CASE("a status with nothing wrong is a table without marks") {
  const StatusReport report = report_with("/uptime_s", "93784");
  CHECK(report.is_well);
  CHECK(report.text ==
        "  nauditd 0.1.0, pid 812, up 1 d 2 h\n"
        "  mode                 own\n"
        "  registration         registered\n"
        "  node                 web1\n"
        "  configuration        /etc/naudit/nauditd.yaml\n"
        "\n"
        "Kernel\n"
        "  auditing             on\n"
        "  on failure           printk\n"
        "  audit daemon         pid 812\n"
        "  rate limit           none\n"
        "  backlog              3 of 8192 records\n"
        "  backlog wait time    0s (programs have waited for 0s)\n"
        "  lost                 0 records\n"
        "\n"
        "Events\n"
        "  received             1234 records, 1.5 MiB\n"
        "  events               400, and 2 open\n"
        "  incomplete           1, and 0 late\n"
        "  overruns             0 of the socket's buffer; reading was put off 0 times\n"
        "\n"
        "Sinks\n"
        "  NAME  TYPE  FORMAT  STATE   IN  OUT  DROPPED  RETRIES   QUEUED\n"
        "  log   file  json    ok     400  400        0        0      0 B\n"
        "  tail  tail  line    ok       9    5        4        0  2.0 KiB\n"
        "\n"
        "Rules\n"
        "  wanted               12\n"
        "  of others            2\n"
        "\n"
        "Nothing needs attention.\n");
}

TEST_CASE("what is wrong is marked, and the status is not well") {
  const auto check = [](const char* pointer, const char* json, const std::string& line) {
    CAPTURE(pointer);
    const StatusReport report = report_with(pointer, json);
    CHECK_FALSE(report.is_well);
    CHECK_THAT(report.text, Contains("\n! " + line));
  };
  check("/kernel/lost", "7", "lost                 7 records");
  check("/kernel/enabled", "0", "auditing             off");
  check("/kernel", "null", "the kernel does not tell its status");
  check("/registration", "\"held by pid 9 (auditd)\"", "registration         held by pid 9 (auditd)");
  check("/sinks/0/state", "\"disk full\"", "log   file  json    disk full");
  check("/sinks/0/events_dropped", "4", "log ");
  check("/rules/missing", "3", "missing              3; see nauditctl rules diff");
  check("/rules/error", "\"x.yaml:3:1: no\"", "not loaded           x.yaml:3:1: no");
}

TEST_CASE("what needs attention is said at the end, a sentence each") {
  const auto check = [](const char* pointer, const char* json, const std::string& sentences) {
    CAPTURE(pointer);
    CHECK_THAT(report_with(pointer, json).text, Catch::EndsWith("\nNeeds attention\n" + sentences));
  };
  check("/registration", "\"lost\"", "! nauditd gets no events from the kernel: its registration is lost\n");
  check("/kernel/enabled", "0", "! auditing is switched off; switch it on with: nauditctl -e 1\n");
  check("/kernel/lost", "1",
        "! the kernel has lost 1 record since it was booted: let rules match less, or set a larger "
        "kernel.backlog_limit; 'nauditctl --reset-lost' begins to count anew\n");
  check("/sinks/0/state", "\"disk full\"", "! sink 'log' is not in order: disk full\n");
  check("/sinks/0/events_dropped", "1", "! sink 'log' has lost 1 event since it was started\n");
  check("/sinks/0", R"({"name":"siem","state":"retrying in 2s","last_error":"refused","events_dropped":2})",
        "! sink 'siem' is not in order: retrying in 2s (refused); it has lost 2 events since it was started\n");
  check("/rules", R"({"wanted":3,"missing":1})", "! 1 rule is not as the files want them; see: nauditctl rules diff\n");
  check("/rules", R"({"wanted":3,"missing":61,"locked":true})", "! locked: 61 rules wait for a reboot\n");
  check("/rules", R"({"wanted":3,"error":"a.rules:1:1: no\nb.rules:2:1: no","state_error":"/s: full"})",
        "! not loaded: a.rules:1:1: no\n! not loaded: b.rules:2:1: no\n! /s: full\n");
}

TEST_CASE("the daemon says which counters should be 0, and what they mean") {
  rapidjson::Document document;
  document.Parse(kWell);
  rapidjson::Document changed;
  changed.Parse(R"({"events":{"too_short":2},"faults":[
    {"group":"events","name":"too_short","value":2,"unit":"messages","help":"without a whole header"}]})");
  document["events"].CopyFrom(changed["events"], document.GetAllocator());
  document["faults"].CopyFrom(changed["faults"], document.GetAllocator());
  const StatusReport report = status_report(document, {});
  CHECK_FALSE(report.is_well);
  CHECK_THAT(report.text, Contains("\n! too short            2 messages without a whole header\n"));
}

TEST_CASE("a sink's last error stands below it and is no trouble once the sink is in order") {
  const StatusReport report = report_with("/sinks/0/last_error", "\"connection refused\"");
  CHECK(report.is_well);
  CHECK_THAT(report.text, Contains("\n      last error: connection refused\n"));
}

TEST_CASE("with colour what is wrong is red, and nothing else") {
  CHECK_THAT(report_with("/kernel/lost", "7", true).text,
             Contains("\033[1;31m! lost                 7 records\033[0m\n"));
  CHECK_THAT(report_with("/kernel/lost", "0", true).text, !Contains("\033"));
}

TEST_CASE("columns line up under names that are not ASCII") {
  CHECK_THAT(report_with("/sinks/0/name", "\"zürich\"").text,
             Contains("\n  zürich  file") && Contains("\n  tail    tail"));
}

TEST_CASE("a daemon of another version may say less, or other things") {
  for (const char* const json : {"{}", R"({"sinks":7,"kernel":[],"events":"x","rules":true})", R"({"sinks":[1,{}]})",
                                 R"({"kernel":{"lost":"many","enabled":99},"uptime_s":-1})"}) {
    CAPTURE(json);
    rapidjson::Document document;
    document.Parse(json);
    const StatusReport report = status_report(document, {});
    CHECK_FALSE(report.is_well);
    CHECK_THAT(report.text, Contains("Kernel") && Contains("NAME"));
  }
}

TEST_CASE("a counter that this program does not know is shown under its name, unless it is 0") {
  CHECK_THAT(report_with("/events", R"({"new_one":7,"unused":0})").text,
             Contains("\n  new one              7\n") && !Contains("unused"));
  CHECK(report_with("/events", R"({"new_one":7})").is_well);
  CHECK_THAT(report_with("/rules", R"({"wanted":1,"asleep":2})").text, Contains("\n  asleep               2\n"));
  const std::string kernel = report_with("/kernel", R"({"enabled":1,"sleepy":3})").text;
  CHECK_THAT(kernel, Contains("\n  sleepy               3\n"));
  CHECK_THAT(report_with("/sinks/0", R"({"name":"log","state":"ok","queue_age":12})").text,
             Contains("QUEUED  QUEUE AGE\n") && Contains("0 B         12\n") && Contains("2.0 KiB          0\n"));
}

TEST_CASE("sentences are broken at the terminal's width, and what a server says never reaches the terminal raw") {
  rapidjson::Document status;
  status.Parse(kWell);
  auto& sink = status["sinks"][0];
  sink["state"].SetString("retrying");
  sink["last_error"].SetString("the server says\033[2J that it does not want to hear of us again before tomorrow noon");
  const std::string text = status_report(status, {.width = 60, .colour = true}).text;
  CHECK_THAT(text, Contains("says\\x1b[2J") || Contains("says\\033[2J"));
  CHECK_THAT(text, !Contains("\033[2J"));
  CHECK_THAT(text,
             Contains("does\n        not want") || Contains("not\n        want") || Contains("\n        that it"));
  const std::string plain = status_report(status, {.width = 60, .colour = false}).text;
  const std::string attention = plain.substr(plain.find("Needs attention"));
  for (std::size_t at = 0; at < attention.size();) {
    const std::size_t end = std::min(attention.find('\n', at), attention.size());
    CHECK(end - at <= 60);
    at = end + 1;
  }
}
