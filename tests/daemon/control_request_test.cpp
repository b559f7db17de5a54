// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <fstream>
#include <sstream>

#include "daemon/control/request.hpp"
#include "tests/support/catch.hpp"

using Catch::Matchers::Contains;
using naudit::config::Outcome;
using naudit::daemon::control_commands;
using naudit::daemon::parse_control_request;

namespace {

std::string error_of(std::string_view line) {
  const auto request = parse_control_request(line);
  return request ? "no error" : request.error();
}

}  // namespace

TEST_CASE("each command is read by its name") {
  CHECK(parse_control_request(R"({"command":"status"})")->command->name == "status");
  CHECK(parse_control_request(R"({"command":"reload"})")->command->name == "reload");
  CHECK(parse_control_request(R"( { "command" : "rotate" } )")->command->name == "rotate");
  CHECK(parse_control_request("{\"command\":\"tail\"}\r")->command->name == "tail");
}

TEST_CASE("tail without more is every event as lines for a person, without end") {
  const auto request = parse_control_request(R"({"command":"tail"})");
  REQUIRE(request);
  CHECK(request->format == "line");
  CHECK(request->filter == naudit::config::Filter{});
  CHECK(request->count == 0);
}

TEST_CASE("tail takes a format, a count and each part of a filter, in any order") {
  const auto request = parse_control_request(
      R"({"uids":["root",1000],"outcome":"failure","syscalls":["openat",59],"types":["USER_LOGIN",1300],)"
      R"("keys":["a","b"],"count":3,"format":"json","command":"tail"})");
  REQUIRE(request);
  CHECK(request->format == "json");
  CHECK(request->count == 3);
  CHECK(request->filter.keys == std::vector<std::string>{"a", "b"});
  CHECK(request->filter.types == std::vector<std::string>{"USER_LOGIN", "1300"});
  CHECK(request->filter.syscalls == std::vector<std::string>{"openat", "59"});
  CHECK(request->filter.uids == std::vector<std::string>{"root", "1000"});
  CHECK(request->filter.outcome == Outcome::kFailure);
}

TEST_CASE("a request that is no JSON object says what is wrong") {
  CHECK_THAT(error_of("status"), Contains("not JSON") && Contains("byte"));
  CHECK_THAT(error_of(""), Contains("not JSON"));
  CHECK_THAT(error_of("{\"command\":\"\xff\"}"), Contains("not JSON"));
  CHECK_THAT(error_of(R"({"command":"status"} x)"), Contains("not JSON"));
  CHECK_THAT(error_of("[]"), Contains("JSON object"));
}

TEST_CASE("a request nested as deep as a line allows is an error and no crash") {
  CHECK_THAT(error_of(std::string(64 * 1024, '[')), Contains("not JSON"));
  const std::string deep = std::string(32'000, '[') + std::string(32'000, ']');
  CHECK_THAT(error_of(R"({"command":"tail","keys":)" + deep + "}"), Contains("keys"));
}

TEST_CASE("a wrong command names those that there are") {
  CHECK_THAT(error_of("{}"), Contains("command") && Contains("status, metrics, reload, rotate, tail, rule_stats"));
  CHECK_THAT(error_of(R"({"command":"stop"})"),
             Contains("status, metrics, reload, rotate, tail, rule_stats") && Contains("'stop'"));
  CHECK_THAT(error_of(R"({"command":1})"), Contains("status, metrics, reload, rotate, tail, rule_stats"));
}

TEST_CASE("an unknown member is an error that names the nearest known one") {
  CHECK_THAT(error_of(R"({"command":"tail","key":["x"]})"), Contains("'key'") && Contains("\"keys\" meant"));
  CHECK_THAT(error_of(R"({"command":"tail","something":1})"), Contains("'something'") && !Contains("meant"));
}

TEST_CASE("what belongs to tail is an error elsewhere") {
  CHECK_THAT(error_of(R"({"command":"rotate","count":1})"), Contains("\"rotate\" takes no \"count\""));
}

TEST_CASE("a member that is given twice is an error") {
  CHECK_THAT(error_of(R"({"command":"status","command":"reload"})"), Contains("\"command\" is given twice"));
  CHECK_THAT(error_of(R"({"command":"tail","keys":["a"],"keys":["b"]})"), Contains("\"keys\" is given twice"));
}

TEST_CASE("members of the wrong kind are errors") {
  CHECK_THAT(error_of(R"({"command":"tail","format":"xml"})"), Contains("json, raw, ") && Contains("'xml'"));
  CHECK_THAT(error_of(R"({"command":"tail","format":7})"), Contains("\"format\""));
  CHECK_THAT(error_of(R"({"command":"tail","outcome":"maybe"})"), Contains("success, failure"));
  CHECK_THAT(error_of(R"({"command":"tail","count":-1})"), Contains("\"count\""));
  CHECK_THAT(error_of(R"({"command":"tail","keys":"a"})"), Contains("list of strings"));
  CHECK_THAT(error_of(R"({"command":"tail","keys":[]})"), Contains("list of strings"));
  CHECK_THAT(error_of(R"({"command":"tail","keys":[1]})"), Contains("strings only"));
  CHECK_THAT(error_of(R"({"command":"tail","uids":[-1]})"), Contains("names or numbers only"));
  CHECK_THAT(error_of(R"({"command":"tail","types":[""]})"), Contains("names or numbers only"));
  CHECK_THAT(error_of(R"({"command":"tail","filter":[""]})"), Contains("has to be an expression"));
  CHECK(parse_control_request(R"({"command":"tail","filter":"key == a"})")->filter.expression == "key == a");
}

TEST_CASE("docs/control-socket.md has every command, with its row and its arguments") {
  std::stringstream content;
  content << std::ifstream(NAUDIT_SOURCE_DIR "/docs/control-socket.md").rdbuf();
  const std::string page = content.str();
  std::string table = "| command | what for |\n|---|---|\n";
  for (const auto& command : control_commands()) {
    const std::string name(command.name);
    CAPTURE(name);
    table += "| `" + name + "` | " + std::string(command.help) + " |\n";
    CHECK(page.find("{\"command\":\"" + name + "\"}") != std::string::npos);
    const std::size_t section = page.find("\n### " + name + '\n');
    REQUIRE(section != std::string::npos);
    const std::string text = page.substr(section, page.find("\n### ", section + 1) - section);
    for (const std::string_view argument : command.arguments)
      CHECK(text.find("| `" + std::string(argument) + "` |") != std::string::npos);
  }
  CHECK(page.find('\n' + table + '\n') != std::string::npos);
}

TEST_CASE("every command but tail takes no argument, and says so") {
  for (const auto& command : control_commands()) {
    const auto request = parse_control_request("{\"command\":\"" + std::string(command.name) + "\",\"count\":1}");
    CHECK(request.has_value() == (command.name == "tail"));
    if (!request) CHECK(request.error() == '"' + std::string(command.name) + "\" takes no \"count\"");
  }
}
