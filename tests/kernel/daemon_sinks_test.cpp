// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// The daemon's sinks in trouble, beside the live kernel.
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>

#include "tests/kernel/nauditd.hpp"
#include "tests/kernel/support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/line_server.hpp"
#include "tests/support/program.hpp"

using namespace naudit::test;
using Catch::Matchers::Contains;

namespace {

std::size_t events_in(const std::string& path) {
  return generated(lines_of(path)).size();
}

bool holds_from_zero(const std::string& path, std::size_t count) {
  const auto numbers = generated(lines_of(path));
  return numbers.size() == count && is_gapless(numbers) && numbers.front() == 0;
}

// A small file system that only this process and its children see, and that goes with them.
class SmallDisk {
 public:
  explicit SmallDisk(std::string path) : path_(std::move(path)) {
    REQUIRE(::unshare(CLONE_NEWNS) == 0);
    REQUIRE(::mount("", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0);
    std::filesystem::create_directory(path_);
    REQUIRE(::mount("naudit-test", path_.c_str(), "tmpfs", 0, "size=256k,mode=0700") == 0);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() { ::umount2(path_.c_str(), MNT_DETACH); }

  void grow() const { REQUIRE(::mount("naudit-test", path_.c_str(), "tmpfs", MS_REMOUNT, "size=256m") == 0); }
  [[nodiscard]] bool is_full() const {
    struct statvfs info{};
    return ::statvfs(path_.c_str(), &info) == 0 && info.f_bfree == 0;
  }

 private:
  std::string path_;
};

#ifdef NAUDIT_AUSEARCH
// What hinders it, when something has not come.
std::string status_of(const Home& home) {
  naudit::tests::Program program({NAUDIT_NAUDITCTL, "status", "--socket", home.file("control.sock")});
  return program.rest();
}

std::size_t count_by_ausearch(const std::string& path) {
  const std::string command = NAUDIT_AUSEARCH " -if '" + path + "' </dev/null 2>&1";
  std::FILE* const pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::size_t count = 0;
  char line[16384];
  while (std::fgets(line, sizeof line, pipe) != nullptr) count += std::string_view(line) == "----\n" ? 1U : 0U;
  CHECK(::pclose(pipe) == 0);
  return count;
}
#endif

}  // namespace

TEST_CASE("a peer that does not read costs only its own events, and they are counted and told") {
  constexpr std::uint64_t kEvents = 50'000;
  naudit::tests::LineServer::Options options;
  options.reads = false;
  naudit::tests::LineServer stalled(options);
  const Home home;
  const std::string log = home.file("events.json");
  home.configure(std::string(Home::kLog) + "  - {name: stalled, type: tcp, address: \"" + stalled.address() +
                 "\", queue: {size: 1MiB}}\n");
  Nauditd daemon(home);
  REQUIRE(daemon.wait_until_ready());
  const auto lost_before = open_requests().status().value().lost;
  Generator(kEvents).wait();
  CHECK(wait_until([&] { return events_in(log) == kEvents; }));
  CHECK(holds_from_zero(log, kEvents));
  CHECK(open_requests().status().value().lost == lost_before);
  const auto told = [&] {
    std::size_t sum = 0;
    for (const std::string& line : lines_of(log)) {
      if (line.find("\"op\":\"lost\"") == std::string::npos) continue;
      CHECK_THAT(line, Contains("\"sink\":\"stalled\""));
      for (const std::string& value : values_of({line}, "\"events\":")) sum += std::stoul(value);
    }
    return sum;
  };
  CHECK(wait_until([&] { return told() > kEvents / 2; }));
  stalled.stop();
  CHECK(daemon.stop() == 0);
  CHECK(told() <= kEvents + 10);
  CHECK_THAT(daemon.messages(), Contains("sink 'stalled' left out"));
}

TEST_CASE("events wait for a log directory that comes later") {
  const Home home;
  const std::string folder = home.file("later");
  write_text(folder, "in the way");
  home.configure("  - {name: log, type: file, path: later/events.json}\n");
  Nauditd daemon(home);
  REQUIRE(daemon.wait_until_ready());
  Generator(500).wait();
  std::filesystem::remove(folder);
  std::filesystem::create_directory(folder);
  CHECK(wait_until([&] { return events_in(folder + "/events.json") == 500; }));
  CHECK(daemon.stop() == 0);
  CHECK(holds_from_zero(folder + "/events.json", 500));
  CHECK_THAT(lines_of(folder + "/events.json").front(), Contains("daemon_start"));
}

TEST_CASE("what a sink has lost is told in its own stream by the next nauditd, although the first was killed") {
  constexpr std::uint64_t kEvents = 5000;
  const Home home;
  home.configure(
      "  - {name: log, type: file, path: later/events.json, queue: {size: 64KiB, when_full: drop-newest}}\n");
  const std::string state = home.file("state/sinks.untold");
  const auto kept = [&state] {
    std::size_t sum = 0;
    for (const std::string& value : values_of({read_text(state)}, "\"events\":")) sum += std::stoul(value);
    return sum;
  };
  {
    Nauditd daemon(home);
    REQUIRE(daemon.wait_until_ready());
    Generator(kEvents).wait();
    CHECK(wait_until([&] { return kept() > kEvents / 2; }));
    daemon.signal(SIGKILL);
    CHECK(daemon.wait() == 128 + SIGKILL);
  }
  const std::size_t lost = kept();
  std::filesystem::create_directory(home.file("later"));
  Nauditd daemon(home);
  REQUIRE(daemon.wait_until_ready());
  const std::string log = home.file("later/events.json");
  CHECK(wait_until([&] { return count_lines_with(log, "\"op\":\"lost\",\"cause\":\"queue-full") > 0; }));
  CHECK_THAT(daemon.messages(), Contains("sink 'log' has not told its stream of " + std::to_string(lost) + " events"));
  CHECK(daemon.stop() == 0);
  std::size_t told = 0;
  for (const std::string& line : lines_of(log)) {
    if (line.find("\"cause\":\"queue-full") == std::string::npos) continue;
    CHECK_THAT(line, Contains("\"sink\":\"log\""));
    for (const std::string& value : values_of({line}, "\"events\":")) told += std::stoul(value);
  }
  CHECK(told == lost);
  CHECK(kept() == 0);
}

TEST_CASE("a full disk delays events, and loses none") {
  constexpr std::uint64_t kEvents = 2000;
  const Home home;
  const SmallDisk disk(home.file("disk"));
  const std::string log = home.file("disk/events.json");
  home.configure("  - {name: log, type: file, path: disk/events.json, queue: {size: 64MiB}}\n");
  Nauditd daemon(home);
  REQUIRE(daemon.wait_until_ready());
  Generator(kEvents).wait();
  CHECK(wait_until([&] { return disk.is_full(); }));
  CHECK(events_in(log) < kEvents);
  disk.grow();
  CHECK(wait_until([&] { return events_in(log) == kEvents; }));
  CHECK(daemon.stop() == 0);
  CHECK(holds_from_zero(log, kEvents));
  CHECK(count_lines_with(log, "\"op\":\"lost\"") == 0);
}

#ifdef NAUDIT_AUSEARCH
TEST_CASE("ausearch finds as many events in the raw file as stand in the JSON file beside it") {
  const Home home;
  const std::string raw = home.file("audit.log");
  home.configure(std::string(Home::kLog) + "  - {name: raw, type: file, format: raw, path: audit.log}\n");
  Nauditd daemon(home);
  REQUIRE(daemon.wait_until_ready());
  Generator(300).wait();
  const bool came = wait_until([&] { return events_in(home.file("events.json")) == 300; });
  INFO((came ? std::string() : status_of(home)));
  const auto code = daemon.stop();
  INFO(daemon.messages());
  CHECK(came);
  CHECK(code == 0);
  const auto lines = lines_of(home.file("events.json"));
  CHECK(lines.size() > 301);
  CHECK(count_by_ausearch(raw) == lines.size());
}
#endif
