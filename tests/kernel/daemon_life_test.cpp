// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// The daemon's life: start, stop, its signals, and that nothing is lost around them.
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "tests/kernel/nauditd.hpp"
#include "tests/kernel/support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/json_check.hpp"

using namespace naudit::test;
using Catch::Matchers::Contains;

namespace {

// Empty, or what is wrong with a line of the native format.
std::string what_is_wrong(const std::string& line) {
  rapidjson::Document event;
  event.Parse<rapidjson::kParseValidateEncodingFlag>(line.data(), line.size());
  if (event.HasParseError()) return "not JSON: " + line;
  if (const std::string key = naudit::tests::key_that_repeats(event); !key.empty()) return key + " repeats: " + line;
  if (!event.HasMember("records") || !event.HasMember("id")) return "no event: " + line;
  return {};
}

std::string what_is_wrong(const std::vector<std::string>& lines) {
  for (const std::string& line : lines)
    if (std::string wrong = what_is_wrong(line); !wrong.empty()) return wrong;
  return {};
}

bool has(const std::string& line, std::string_view part) {
  return line.find(part) != std::string::npos;
}

std::uint32_t registered_pid() {
  return open_requests().status().value().pid;
}

std::size_t events_in(const std::string& path) {
  return generated(lines_of(path)).size();
}

// About 10,000 events of the Generator.
constexpr std::uintmax_t kMuch = 8U << 20U;

std::uintmax_t size_of(const std::string& path) {
  std::error_code missing;
  const auto size = std::filesystem::file_size(path, missing);
  return missing ? 0 : size;
}

ino_t inode_of(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 ? info.st_ino : 0;
}

}  // namespace

TEST_CASE("nauditd starts, delivers whole decoded events of its rules, and stops with its last words") {
  const Home home;
  const std::string log = home.file("events.json");
  Nauditd daemon(home);
  REQUIRE(daemon.wait_until_ready());
  CHECK(registered_pid() == static_cast<std::uint32_t>(daemon.pid()));
  Generator(200).wait();
  CHECK(wait_until([&] { return events_in(log) == 200; }));
  CHECK(daemon.stop() == 0);
  CHECK(registered_pid() == 0);

  const auto lines = lines_of(log);
  CHECK(what_is_wrong(lines).empty());
  REQUIRE(lines.size() > 200);
  CHECK_THAT(lines.front(), Contains("daemon_start") && Contains("\"op\":\"start\""));
  CHECK_THAT(lines.back(), Contains("daemon_end") && Contains("\"op\":\"terminate\""));
  const auto numbers = generated(lines);
  CHECK((is_gapless(numbers) && numbers.front() == 0));
  const auto event = std::ranges::find_if(lines, [](const auto& line) { return has(line, "\"/nonexistent/0\""); });
  REQUIRE(event != lines.end());
  CHECK_THAT(*event, Contains("\"complete\":true") && Contains("\"syscall_name\":\"openat\"") &&
                         Contains("\"exit_name\":\"ENOENT\"") && Contains("\"keys\":[\"naudit-test\"]") &&
                         Contains("\"cwd\":") && Contains("\"proctitle\":"));
}

TEST_CASE("a restart under load loses nothing that was made while nauditd was registered") {
  const Home home;
  const std::string log = home.file("events.json");
  const auto lost_before = open_requests().status().value().lost;
  {
    Nauditd first(home);
    REQUIRE(first.wait_until_ready());
    const Generator load(kForever);
    REQUIRE(wait_until([&] { return size_of(log) >= kMuch; }));
    REQUIRE(first.stop() == 0);
    Nauditd second(home);
    REQUIRE(second.wait_until_ready());
    const auto so_far = size_of(log);
    REQUIRE(wait_until([&] { return size_of(log) >= so_far + kMuch; }));
    REQUIRE(second.stop() == 0);
  }
  CHECK(open_requests().status().value().lost == lost_before);
  const auto lines = lines_of(log);
  const auto end = std::ranges::find_if(lines, [](const auto& line) { return has(line, "daemon_end"); });
  REQUIRE(end != lines.end());
  CHECK_THAT(*(end + 1), Contains("daemon_start"));
  const auto one = generated({lines.begin(), end});
  const auto two = generated({end, lines.end()});
  CHECK((is_gapless(one) && one.front() == 0));
  CHECK(is_gapless(two));
  CHECK(two.front() > one.back());
  // What was made between the two, the kernel has freed, and that is told.
  CHECK(std::ranges::all_of(
      lines, [](const auto& line) { return !has(line, "\"op\":\"lost\"") || has(line, "\"cause\":\"gap\""); }));
}

TEST_CASE("a second nauditd says who holds the registration, and one in mode auto listens beside it") {
  // All of them first: a Home removes the rules that are there.
  const Home home;
  const Home refused;
  const Home beside;
  const std::string log = home.file("events.json");
  Nauditd first(home);
  REQUIRE(first.wait_until_ready());

  Nauditd second(refused);
  CHECK(second.wait() == 1);
  CHECK_THAT(second.messages(), Contains(std::to_string(first.pid())) && Contains("nauditd") && Contains("observe"));

  beside.configure(Home::kLog, "mode: auto");
  Nauditd observer(beside);
  REQUIRE(observer.wait_until_ready());
  Generator(500).wait();
  CHECK(wait_until([&] { return events_in(beside.file("events.json")) == 500; }));
  CHECK(observer.stop() == 0);
  CHECK(wait_until([&] { return events_in(log) == 500; }));
  CHECK(registered_pid() == static_cast<std::uint32_t>(first.pid()));
  CHECK(first.stop() == 0);
  CHECK(count_lines_with(log, "daemon_err") == 0);
  CHECK(what_is_wrong(lines_of(beside.file("events.json"))).empty());
}

TEST_CASE("HUP with a broken configuration changes nothing; with a good one, only what differs") {
  const Home home;
  const std::string log = home.file("events.json");
  Nauditd daemon(home);
  REQUIRE(daemon.wait_until_ready());
  Generator(10).wait();
  REQUIRE(wait_until([&] { return events_in(log) == 10; }));
  const ino_t file = inode_of(log);

  home.configure("  - {name: log, type: file, path: events.json, rotat: {size: 0}}\n");
  daemon.signal(SIGHUP);
  CHECK(daemon.wait_for_message("nauditd.yaml:4:"));
  CHECK_THAT(daemon.messages(), Contains("rotate"));
  CHECK(wait_until([&] { return count_lines_with(log, "\"op\":\"reconfigure\"") == 1; }));
  CHECK(count_lines_with(log, "\"state\":\"no-change\"") == 1);
  Generator(10).wait();
  CHECK(wait_until([&] { return events_in(log) == 20; }));

  home.configure(std::string(Home::kLog) + "  - {name: two, type: file, path: two.json}\n");
  daemon.signal(SIGHUP);
  CHECK(wait_until([&] { return count_lines_with(log, "\"state\":\"changed\"") == 1; }));
  Generator(10).wait();
  CHECK(wait_until([&] { return events_in(home.file("two.json")) == 10; }));
  CHECK(wait_until([&] { return events_in(log) == 30; }));
  CHECK(inode_of(log) == file);
  CHECK(daemon.stop() == 0);
  CHECK(count_lines_with(log, "daemon_start") == 1);
  CHECK_THAT(lines_of(home.file("two.json")).back(), Contains("daemon_end"));
}

TEST_CASE("USR1 starts a new file") {
  const Home home;
  const std::string log = home.file("events.json");
  Nauditd daemon(home);
  REQUIRE(daemon.wait_until_ready());
  Generator(10).wait();
  REQUIRE(wait_until([&] { return events_in(log) == 10; }));
  daemon.signal(SIGUSR1);
  CHECK(wait_until([&] {
    return count_lines_with(log, "\"op\":\"rotate-logs\"") + count_lines_with(log + ".1", "\"op\":\"rotate-logs\"") ==
           1;
  }));
  REQUIRE(wait_until([&] { return inode_of(log + ".1") != 0; }));
  Generator(10).wait();
  CHECK(wait_until([&] { return events_in(log) == 10; }));
  CHECK(events_in(log + ".1") == 10);
  CHECK(daemon.stop() == 0);
}

TEST_CASE("whatever bytes a program puts into a user message, the line is valid JSON") {
  const Home home;
  const std::string log = home.file("events.json");
  Nauditd daemon(home);
  REQUIRE(daemon.wait_until_ready());
  auto requests = open_requests();
  std::string all_bytes;
  for (int byte = 1; byte < 256; ++byte) all_bytes += static_cast<char>(byte);
  const std::vector<std::string> texts{
      all_bytes,
      "op=\"unfinished acct='x msg='nested",
      "}],{\"records\":{\\u0000 \x1d\x1d auid=0 \xff\xfe\xc3",
      "audit(1.000:1): type=SYSCALL msg=audit(9.9:9): syscall=59 syscall=60 SYSCALL=1 =  = ==",
      std::string(8100, 'x'),
      std::string(4000, '\x01') + std::string(4000, '"'),
  };
  constexpr std::uint16_t kUserLogin = 1112;
  for (const std::string& text : texts) CHECK(requests.send_user_message(kUserLogin, text));
  CHECK(wait_until([&] { return count_lines_with(log, "\"user_login\"") == texts.size(); }));
  CHECK(daemon.stop() == 0);
  CHECK(what_is_wrong(lines_of(log)).empty());
}

TEST_CASE("after kill -9 under load the next nauditd registers and repairs the torn last line") {
  const std::string kTorn = "{\"id\":\"1.000:1\",\"rec";
  const Home home;
  const std::string log = home.file("events.json");
  const Generator load(kForever);
  {
    Nauditd killed(home);
    REQUIRE(wait_until([&] { return size_of(log) >= kMuch; }));
    killed.signal(SIGKILL);
    CHECK(killed.wait() == 128 + SIGKILL);
  }
  std::ofstream(log, std::ios::app) << kTorn;
  const auto before = size_of(log);
  Nauditd daemon(home);
  REQUIRE(daemon.wait_until_ready());
  CHECK(registered_pid() == static_cast<std::uint32_t>(daemon.pid()));
  CHECK(wait_until([&] { return size_of(log) >= before + kMuch; }));
  CHECK(daemon.stop() == 0);
  auto lines = lines_of(log);
  CHECK(std::ranges::count_if(lines, [](const auto& line) { return has(line, "daemon_start"); }) == 2);
  // The torn line stays as evidence, on a line of its own.
  const auto is_torn = [&](const auto& line) { return line.size() >= kTorn.size() && line.ends_with(kTorn); };
  CHECK(std::erase_if(lines, is_torn) == 1);
  CHECK(what_is_wrong(lines).empty());
}

TEST_CASE("on_stop: disable turns auditing off, keep leaves it on") {
  const Home home;
  Nauditd keeps(home);
  REQUIRE(keeps.wait_until_ready());
  CHECK(keeps.stop() == 0);
  CHECK(open_requests().status().value().enabled == 1);
  home.configure(Home::kLog, "on_stop: disable");
  Nauditd disables(home);
  REQUIRE(disables.wait_until_ready());
  CHECK(disables.stop() == 0);
  CHECK(open_requests().status().value().enabled == 0);
}
