// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/top/screen_lines.hpp"

#include <algorithm>
#include <clocale>
#include <string>

#include <fmt/format.h>

#include "ctl/client/columns.hpp"
#include "tests/support/catch.hpp"

namespace naudit::ctl {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

constexpr const char* kStatus = R"({"version":"0.1.0","node":"web1","registration":"registered",
  "kernel":{"backlog":3,"backlog_limit":8192,"lost":0},
  "sinks":[{"name":"log","type":"file","state":"ok","events_out":1234567,"events_dropped":0},
           {"name":"siem","type":"https","state":"retrying in 4s","last_error":"\u001b[2Jno route","events_out":5,
            "events_dropped":9,"queue_events":7,"queue_bytes":2048,"queue_age_seconds":3}]})";
constexpr std::array<bool, kTallyKinds> kAll = {true, true, true, false, true};

rapidjson::Document parsed(const char* json) {
  rapidjson::Document document;
  document.Parse(json);
  REQUIRE_FALSE(document.HasParseError());
  return document;
}

std::string event(int number, const std::string& key = "exec") {
  return fmt::format(
      "{{\"id\":\"1.000:{}\",\"keys\":[\"{}\"],\"subject\":{{\"auid_name\":\"jo\"}},\"how\":\"/usr/bin/program-{}\","
      "\"records\":{{\"syscall\":{{\"syscall\":59,\"syscall_name\":\"execve\"}}}}}}\n",
      number, key, number % 30);
}

std::vector<ScreenLine> screen_of(Tally& tally, ScreenSize size, const char* status = kStatus,
                                  std::string_view trouble = "") {
  return top_screen(tally, kAll, Tally::TimePoint{} + 2s, parsed(status), trouble, size);
}

std::string text_of(const std::vector<ScreenLine>& lines) {
  std::string text;
  for (const ScreenLine& line : lines) text += line.text + '\n';
  return text;
}

Tally busy() {
  Tally tally(Tally::TimePoint{});
  for (int i = 0; i < 100; ++i) tally.take(event(i));
  return tally;
}

}  // namespace

TEST_CASE("a screen of 80 columns shows the daemon, the sinks, and events by four kinds, two beside each other") {
  Tally tally = busy();
  const auto lines = screen_of(tally, {24, 80});
  const std::string text = text_of(lines);
  REQUIRE(lines.size() == 24);
  CHECK_THAT(lines[0].text, StartsWith("web1, nauditd 0.1.0: 50.0 events/s, 100 events since 2 s"));
  CHECK(lines[1].text == "  registered; backlog 3 of 8192, lost 0");
  CHECK_THAT(text, Contains("! siem  https  7, 2.0 KiB, 3 s     5        9  retrying in 4s: \\x1b[2Jno route\n"));
  CHECK_THAT(text, Contains("  log   file                 0  1.2M        0  ok\n"));
  CHECK_THAT(text, Contains("PROGRAM") && Contains("USER") && Contains("KEY") && Contains("SYSCALL"));
  CHECK_THAT(text, Contains("   50.0      100  jo") && Contains("   50.0      100  exec") && Contains("100  execve"));
  CHECK(lines.back().text == "q quits");
  const auto siem = std::ranges::find_if(lines, [](const auto& one) { return one.text.starts_with("! siem"); });
  CHECK(siem->look == ScreenLine::Look::kWrong);
}

TEST_CASE("no screen is too small or too large, and no line is wider than it") {
  for (std::size_t rows : {1U, 2U, 3U, 5U, 8U, 24U, 100U})
    for (std::size_t columns : {1U, 5U, 18U, 40U, 79U, 80U, 200U}) {
      CAPTURE(rows, columns);
      Tally tally = busy();
      const auto lines = screen_of(tally, {rows, columns});
      CHECK(lines.size() == rows);
      for (const ScreenLine& line : lines) CHECK(width_of(line.text) <= columns);
    }
}

TEST_CASE("a narrow screen shows the tables below each other") {
  Tally tally = busy();
  const std::string text = text_of(screen_of(tally, {40, 50}));
  CHECK_THAT(text, Contains("PROGRAM") && Contains("USER") && Contains("KEY") && Contains("SYSCALL"));
}

TEST_CASE("each look begins a new interval") {
  Tally tally = busy();
  screen_of(tally, {24, 80});
  const auto lines = top_screen(tally, kAll, Tally::TimePoint{} + 4s, parsed(kStatus), "", {24, 80});
  CHECK_THAT(lines[0].text, Contains(": 0 events/s, 100 events since 4 s"));
}

TEST_CASE("text from outside never becomes a command to the terminal") {
  Tally tally(Tally::TimePoint{});
  tally.take(event(1, R"(\u001b]0;title\u0007\n\u202eevil)"));
  std::string text =
      text_of(screen_of(tally, {24, 80}, R"({"version":"\u001b[31m","registration":"a\nb","kernel":{}})"));
  text += text_of(screen_of(tally, {24, 80}, "null", "no \x1b[2J daemon\n"));
  std::erase(text, '\n');
  CHECK(std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }));
  CHECK_THAT(text, !Contains("\xe2\x80\xae"));
  CHECK_THAT(text, Contains("evil"));
}

TEST_CASE("a daemon that does not answer, or gets no events, is told") {
  Tally tally = busy();
  auto lines = screen_of(tally, {24, 80}, "null", "nauditd does not answer");
  CHECK(lines[1].text == "! nauditd does not answer");
  CHECK(lines[1].look == ScreenLine::Look::kWrong);
  lines = screen_of(tally, {24, 80}, R"({"registration":"lost","kernel":{"lost":5}})");
  CHECK(lines[1].text == "! lost; backlog 0 of 0, lost 5");
  CHECK(lines[1].look == ScreenLine::Look::kWrong);
  lines = screen_of(tally, {24, 80}, R"({"registration":"registered","kernel":null})");
  CHECK_THAT(lines[1].text, Contains("the kernel does not tell"));
}

TEST_CASE("of many sinks those that are not in order come first, and the rest is counted") {
  std::string sinks;
  for (int i = 0; i < 50; ++i)
    sinks += fmt::format("{}{{\"name\":\"s{}\",\"type\":\"file\",\"state\":\"{}\"}}", i == 0 ? "" : ",", i,
                         i == 49 ? "disk full" : "ok");
  Tally tally = busy();
  const std::string text = text_of(screen_of(tally, {24, 80}, ("{\"sinks\":[" + sinks + "]}").c_str()));
  CHECK_THAT(text, Contains("! s49 ") && Contains("… and 44 more"));
  CHECK_THAT(text, Contains("PROGRAM"));
}

TEST_CASE("a text is cut or filled to columns, wide characters counted as two") {
  std::setlocale(LC_CTYPE, "C.UTF-8");
  CHECK(fitted_to("abc", 5) == "abc  ");
  CHECK(fitted_to("/usr/bin/find", 5) == "…find");
  CHECK(fitted_to("größe", 5) == "größe");
  CHECK(fitted_to("審計監査", 8) == "審計監査");
  CHECK(fitted_to("審計監査", 5) == "…監査");
  CHECK(fitted_to("審計監査", 6) == "…監査 ");
  CHECK(fitted_to("abc", 1) == "…");
  CHECK(fitted_to("abc", 0).empty());
}

}  // namespace naudit::ctl
