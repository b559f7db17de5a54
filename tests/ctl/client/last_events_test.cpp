// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/client/last_events.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "output/sinks/file/packing/log_packer.hpp"
#include "tests/ctl/run.hpp"
#include "tests/ctl/scripted_daemon.hpp"
#include "tests/support/catch.hpp"

namespace naudit::ctl {
namespace {

using Catch::Matchers::Contains;
using tests::ScriptedDaemon;
using tests::TempDir;

using Lines = std::vector<std::string>;

std::string record(unsigned serial, std::string_view op = "start") {
  return fmt::format(
      "type=SERVICE_START msg=audit(1700000000.000:{}): pid=1 uid=0 auid=4294967295 ses=4294967295 "
      "msg='unit=u{} comm=\"systemd\" exe=\"/usr/lib/systemd/systemd\" res=success' op={}\n",
      serial, serial, op);
}

// An event of two records.
std::string call(unsigned serial, std::string_view key) {
  return fmt::format(
      "type=SYSCALL msg=audit(1700000001.000:{0}): arch=c000003e syscall=90 success=no exit=-13 a0=0 a1=1 "
      "a2=0 a3=0 items=1 ppid=1 pid=2 auid=1000 uid=1000 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 "
      "fsgid=0 tty=pts0 ses=1 comm=\"chmod\" exe=\"/usr/bin/chmod\" key=\"{1}\"\n"
      "type=PROCTITLE msg=audit(1700000001.000:{0}): proctitle=\"chmod\"\n",
      serial, key);
}

void write(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::app) << text;
}

Lines marks(const Lines& events, std::string_view format = "raw") {
  Lines found;
  for (const std::string& event : events) found.push_back(event_mark(format, event));
  return found;
}

std::string mark(unsigned serial) {
  return fmt::format("1700000000.000:{}", serial);
}

Lines last(const std::string& path, std::size_t count, std::string_view format = "raw",
           const config::Filter& filter = {}) {
  return LastEvents({.path = path, .node = "web1"}).read(format, filter, count);
}

TEST_CASE("the last events of a log are its last, the oldest of them first") {
  const TempDir directory;
  const std::string path = directory.file("log");
  for (unsigned i = 1; i <= 30; ++i) write(path, record(i));
  CHECK(marks(last(path, 3)) == Lines{mark(28), mark(29), mark(30)});
  CHECK(last(path, 3).back() == "node=web1 " + record(30));
  CHECK(last(path, 100).size() == 30);
  CHECK(last(path, 0).empty());
}

TEST_CASE("a long log is read from its end, and an event that the piece cuts is not shown as a whole one") {
  const TempDir directory;
  const std::string path = directory.file("log");
  std::string text;
  for (unsigned i = 1; text.size() < std::size_t{600} << 10U; ++i) text += call(i, "k");
  write(path, text);
  const Lines all = last(path, 100'000);
  REQUIRE(all.size() > 1000);
  for (const std::string& event : all) CHECK(std::ranges::count(event, '\n') == 2);
  CHECK(event_mark("raw", all.front()) == "1700000001.000:1");
  const Lines some = last(path, 400);
  CHECK(some == Lines(all.end() - 400, all.end()));
}

TEST_CASE("a log that was rotated a moment ago goes on in the older one") {
  const TempDir directory;
  const std::string path = directory.file("log");
  for (unsigned i = 1; i <= 5; ++i) write(path + ".1", record(i));
  write(path, record(6));
  CHECK(marks(last(path, 3)) == Lines{mark(4), mark(5), mark(6)});
}

TEST_CASE("older logs are found whatever they are called, and undone where they are compressed") {
  const TempDir directory;
  const std::string path = directory.file("log");
  const auto add = [&](const std::string& suffix, unsigned from, unsigned to, int minute) {
    for (unsigned i = from; i <= to; ++i) write(path + suffix, record(i));
    const timespec at{1'700'000'000 + 60 * minute, 0};
    const std::array<timespec, 2> times{at, at};
    REQUIRE(::utimensat(AT_FDCWD, (path + suffix).c_str(), times.data(), 0) == 0);
  };
  add(".2", 1, 2, 1);
  add(".2026-11-30T120000Z", 3, 4, 2);
  write(path, record(6));
  output::RotatedFiles files(output::real_file_system(), path, {});
  REQUIRE_FALSE(output::LogPacker(output::real_file_system(), files, output::Packing::kZstd).pack_all(::geteuid()));
  REQUIRE(std::filesystem::exists(path + ".2026-11-30T120000Z.zst"));
  add(".1", 5, 5, 3);
  CHECK(marks(last(path, 2)) == Lines{mark(5), mark(6)});
  CHECK(marks(last(path, 5)) == Lines{mark(2), mark(3), mark(4), mark(5), mark(6)});
  CHECK(last(path, 100).size() == 6);
}

TEST_CASE("the last events are those that the filter lets pass, whatever their place") {
  const TempDir directory;
  const std::string path = directory.file("log");
  write(path, call(1, "perm") + call(2, "other") + call(3, "perm") + record(4));
  config::Filter perm;
  perm.keys = {"perm"};
  CHECK(marks(last(path, 10, "raw", perm)) == Lines{"1700000001.000:1", "1700000001.000:3"});
  config::Filter failed;
  failed.outcome = config::Outcome::kFailure;
  CHECK(last(path, 10, "raw", failed).size() == 3);
}

TEST_CASE("the last events are shown in the format that is asked for, with the node of the daemon") {
  const TempDir directory;
  const std::string path = directory.file("log");
  write(path, call(7, "perm"));
  CHECK_THAT(last(path, 1, "json").at(0), Contains(R"("id":"1700000001.000:7")") && Contains(R"("node":"web1")"));
  CHECK_THAT(last(path, 1, "line").at(0), Contains("web1: ") && Contains("denied (EACCES) [key perm] #7\n"));
  // And from our own JSON.
  write(directory.file("json"), last(path, 1, "json").at(0));
  CHECK(last(directory.file("json"), 1, "line") == last(path, 1, "line"));
}

TEST_CASE("a log that cannot be read is an error that names it") {
  const TempDir directory;
  CHECK_THROWS_WITH(last(directory.file("none"), 1), Contains("none': No such file"));
  CHECK_THROWS_WITH(last(directory.path(), 1), Contains("is not a file"));
}

TEST_CASE("the daemon's log is that of the first file sink that has all events in a format that can be read") {
  const auto log_of = [](std::string_view sinks) {
    rapidjson::Document status;
    const std::string text = R"({"node":"n","sinks":[)" + std::string(sinks) + "]}";
    status.Parse(text.data(), text.size());
    const auto log = log_of_daemon(status);
    return log ? log->path + " of " + log->node : "none";
  };
  const std::string all = R"({"type":"file","format":"json","path":"/a","filtered":false})";
  CHECK(log_of(all) == "/a of n");
  CHECK(log_of(R"({"type":"file","format":"raw","path":"/b","filtered":true},)" + all) == "/a of n");
  CHECK(log_of(R"({"type":"file","format":"line","path":"/b","filtered":false},)" + all) == "/a of n");
  CHECK(log_of(R"({"type":"file","format":"mozdef","path":"/b","filtered":false})") == "none");
  CHECK(log_of(R"({"type":"tcp","format":"json","filtered":false})") == "none");
  // An older daemon, which does not say whether all events are in it.
  CHECK(log_of(R"({"type":"file","format":"json","path":"/a"})") == "none");
  CHECK(log_of("") == "none");
}

TEST_CASE("an event's mark is its stamp and serial, in every format of tail") {
  CHECK(event_mark("json", R"({"id":"1700000000.123:45","time":"x"})") == "1700000000.123:45");
  CHECK(event_mark("json", R"({"notice":"left_out","first_id":"1.0:1"})").empty());
  CHECK(event_mark("raw", "node=a type=EOE msg=audit(1700000000.123:45): ") == "1700000000.123:45");
  CHECK(event_mark("line", "2023-11-14 22:13:23.003+01:00 jo did \" #1\" #45\n") ==
        "2023-11-14 22:13:23.003+01:00 #45");
  CHECK(event_mark("line", "… 12 events left out").empty());
}

TEST_CASE("what was shown already is left out of the beginning of the stream, once") {
  const std::string one = R"({"id":"1.000:1"})"
                          "\n",
                    two = R"({"id":"1.000:2"})"
                          "\n",
                    three = R"({"id":"1.000:3"})"
                            "\n";
  ShownEvents shown("json", {one, two});
  std::string out;
  // In pieces as they may come.
  for (const char c : two + three + one + two) out += shown.take({&c, 1});
  CHECK(out == three + one + two);
  ShownEvents none("json", {});
  CHECK(none.take("half a li") == "half a li");
}

TEST_CASE("an event of several records that was shown is left out with all of them") {
  ShownEvents shown("raw", {call(1, "k"), call(2, "k")});
  std::string out(shown.take(call(2, "k")));
  out += shown.take(call(3, "k"));
  CHECK(out == call(3, "k"));
}

std::string with_log(const std::string& path) {
  return R"({"ok":true,"status":{"node":"","sinks":[{"type":"file","format":"json","filtered":false,"path":")" + path +
         "\"}]}}\n" + ScriptedDaemon::kNextRequest;
}

TEST_CASE("tail shows the last ten events of the daemon's log, and then what happens, each once") {
  const TempDir directory;
  const std::string path = directory.file("log");
  std::string expected;
  for (unsigned i = 1; i <= 12; ++i) {
    write(path, record(i));
    if (i > 2) expected += record(i);
  }
  // The last of the log comes in the stream, too.
  ScriptedDaemon daemon(with_log(path) + "{\"ok\":true}\n" + record(12) + record(13));
  const test::Outcome outcome =
      test::run(NAUDIT_NAUDITCTL, {"tail", "--raw", "--socket", daemon.path(), "-n", "10", "--count", "2"});
  CHECK(outcome.out == expected + record(13));
  CHECK(outcome.error.empty());
  CHECK(outcome.code == 0);
  CHECK_THAT(daemon.request(), Contains("{\"command\":\"status\"}\n{\"command\":\"tail\""));
}

TEST_CASE("tail --lines 0, and --count alone, show nothing of the past") {
  for (const std::vector<std::string>& options : {Lines{"--lines", "0", "--count", "1"}, Lines{"--count", "1"}}) {
    ScriptedDaemon daemon("{\"ok\":true}\n" + record(1));
    std::vector<std::string> arguments = {"tail", "--raw", "--socket", daemon.path()};
    arguments.insert(arguments.end(), options.begin(), options.end());
    CHECK(test::run(NAUDIT_NAUDITCTL, arguments).out == record(1));
    CHECK_THAT(daemon.request(), !Contains("status"));
  }
}

TEST_CASE("a daemon without a log is only followed; a log that cannot be read is told once") {
  const std::string followed = "{\"ok\":true}\n" + record(1);
  {
    ScriptedDaemon daemon(std::string("{\"ok\":true,\"status\":{\"sinks\":[]}}\n") + ScriptedDaemon::kNextRequest +
                          followed);
    const auto outcome =
        test::run(NAUDIT_NAUDITCTL, {"tail", "--raw", "--socket", daemon.path(), "-n", "5", "--count", "1"});
    CHECK(outcome.out == record(1));
    CHECK(outcome.error.empty());
  }
  ScriptedDaemon daemon(with_log("/nowhere/events.json") + followed);
  const auto outcome =
      test::run(NAUDIT_NAUDITCTL, {"tail", "--raw", "--socket", daemon.path(), "-n", "5", "--count", "1"});
  CHECK(outcome.out == record(1));
  CHECK(outcome.error == "The last events cannot be shown: '/nowhere/events.json': No such file or directory\n");
}

TEST_CASE("--file names another log") {
  const TempDir directory;
  write(directory.file("log"), record(1));
  ScriptedDaemon daemon("{\"ok\":true}\n" + record(2));
  const auto outcome = test::run(NAUDIT_NAUDITCTL, {"tail", "--raw", "--socket", daemon.path(), "-n", "5", "--count",
                                                    "1", "--file", directory.file("log")});
  CHECK(outcome.out == record(1) + record(2));
}

}  // namespace
}  // namespace naudit::ctl
