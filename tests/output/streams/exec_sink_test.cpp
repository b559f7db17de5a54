// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// The sink exec, with commands of every system.

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <memory>

#include "base/error.hpp"
#include "config/loader.hpp"
#include "output/sinks/exec/options.hpp"
#include "output/sinks/net/network.hpp"
#include "output/sinks/registry.hpp"
#include "tests/output/sink_support.hpp"
#include "tests/output/streams/stream_support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::output {
namespace {

using Catch::Matchers::Contains;
using tests::make_batch;
using tests::read_file;
using tests::sink_of;
using tests::soon;
using tests::split_lines;
using namespace std::chrono_literals;

constexpr auto kLong = 30'000ms;

struct Fixture {
  std::unique_ptr<Sink> sink(std::vector<std::string> command) {
    options.command = std::move(command);
    options.retry = {5ms, 50ms};
    return make_sink(sink_of("exec", options), network, losses.handler());
  }
  std::unique_ptr<Sink> shell(const std::string& script) { return sink({"/bin/sh", "-c", script}); }
  std::string file(const std::string& name) { return directory.file(name); }

  tests::TempDir directory;
  ExecOptions options;
  Network network;
  tests::LossLog losses;
};

// Not gone, and no zombie that nobody has waited for.
bool is_running(pid_t pid) {
  const std::string stat = read_file("/proc/" + std::to_string(pid) + "/stat");
  const std::size_t name_end = stat.rfind(") ");
  return name_end != std::string::npos && stat[name_end + 2] != 'Z' && stat[name_end + 2] != 'X';
}

std::string refusal_of(const std::string& keys) {
  try {
    config::parse("sinks:\n  - {name: a, type: exec, " + keys + "}\n", "/f.yaml", kinds());
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a command gets every event once and in order, and at the stop the end of its input") {
  Fixture f;
  const auto sink = f.shell("cat > " + f.file("out") + "; echo done > " + f.file("done"));
  std::string wanted;
  for (int first = 0; first < 5000; first += 100) {
    const BatchPtr batch = make_batch(first, 100, 200);
    wanted += batch->bytes;
    sink->push(batch);
  }
  sink->stop(kLong);
  CHECK(read_file(f.file("out")) == wanted);
  CHECK(read_file(f.file("done")) == "done\n");
  CHECK(sink->status().events_out == 5000);
  CHECK(sink->status().bytes_out == wanted.size());
  CHECK(sink->status().events_dropped == 0);
  CHECK(sink->status().retries == 0);
}

TEST_CASE("a command's words are no shell's, and it has neither our environment nor our descriptors") {
  Fixture f;
  const std::string script = f.file("script");
  tests::write_file(script,
                    "#!/bin/sh\necho \"$1\" > \"$2\"\nenv | grep -v '^PWD\\|^_\\|^SHLVL\\|^OLDPWD' >> \"$2\"\n"
                    "ls /proc/self/fd | wc -l >> \"$2\"\nexec cat > /dev/null\n",
                    std::filesystem::perms{0700});
  const auto sink = f.sink({script, "$(id); *", f.file("out")});
  sink->push(make_batch(0, 1));
  sink->stop(kLong);
  const std::vector<std::string> lines = split_lines(read_file(f.file("out")));
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] == "$(id); *");
  CHECK_THAT(lines[1], Catch::StartsWith("PATH=/usr/local/sbin:"));
  CHECK(lines[2] == "4");  // 0, 1, 2, and the folder that ls reads
}

TEST_CASE("a command that ends is started again, with what it has not read, and what it said is told") {
  Fixture f;
  // Reads a line and fails, until the third time.
  const auto sink =
      f.shell("n=$(cat " + f.file("n") + " 2>/dev/null | wc -l); echo >> " + f.file("n") +
              "; [ $n -ge 2 ] && exec cat >> " + f.file("out") + "; read line; echo \"no $n\" >&2; exit 7");
  for (int first = 0; first < 1000; first += 10) sink->push(make_batch(first, 10, 1000));
  REQUIRE(soon([&] { return sink->status().retries >= 2; }));
  CHECK_THAT(sink->status().last_error, Catch::StartsWith("/bin/sh ended with status 7: no "));
  sink->stop(kLong);
  CHECK(sink->status().events_out == 1000);
  CHECK(sink->status().events_dropped == 0);
  // The shell has read a pipe's byte at a time, so that no more than the batch of the first line is gone with it.
  const std::vector<std::string> lines = split_lines(read_file(f.file("out")));
  REQUIRE_FALSE(lines.empty());
  CHECK(lines.back() == tests::event_text(999, 1000));
}

TEST_CASE("a command that cannot be started is tried again, and events wait") {
  Fixture f;
  const auto sink = f.sink({f.file("later")});
  sink->push(make_batch(0, 10));
  REQUIRE(soon([&] { return sink->status().retries >= 2; }));
  CHECK(sink->status().last_error == "cannot start " + f.file("later") + ": No such file or directory");
  CHECK_THAT(sink->status().state, Catch::StartsWith("not running"));
  tests::write_file(f.file("next"), "#!/bin/sh\nexec cat > " + f.file("out") + "\n", std::filesystem::perms{0700});
  std::filesystem::rename(f.file("next"), f.file("later"));
  REQUIRE(soon([&] { return sink->status().events_out == 10; }));
  sink->stop(kLong);
  CHECK(read_file(f.file("out")) == make_batch(0, 10)->bytes);
}

TEST_CASE("a command that reads nothing holds up nobody, and is ended after its grace") {
  Fixture f;
  f.options.grace = 1ms;
  const auto sink = f.shell("trap '' TERM; sleep 1000 & echo $! > " + f.file("child") + "; echo $$ > " + f.file("new") +
                            "; mv " + f.file("new") + ' ' + f.file("pid") + "; while :; do sleep 1000; done");
  REQUIRE(soon([&] { return std::filesystem::exists(f.file("pid")); }));
  const pid_t pid = std::stoi(read_file(f.file("pid")));
  const pid_t child = std::stoi(read_file(f.file("child")));
  sink->push(make_batch(0, 1000, 1000));
  const auto begin = std::chrono::steady_clock::now();
  sink->stop(10ms);
  CHECK(std::chrono::steady_clock::now() - begin < 30s);
  CHECK_FALSE(is_running(pid));
  CHECK(soon([&] { return !is_running(child); }));  // its whole group has been killed
  const SinkStatus status = sink->status();
  CHECK(status.state == "stopped");
  CHECK(status.events_out + status.events_dropped == 1000);
  CHECK(status.events_dropped > 0);
}

TEST_CASE("what a command says is told, cut, and never holds it up") {
  Fixture f;
  const auto sink =
      f.shell("head -c 10000000 /dev/zero | tr '\\0' x >&2; echo >&2; echo last >&2; exec cat > /dev/null");
  sink->push(make_batch(0, 10));
  REQUIRE(soon([&] { return sink->status().last_error == "last"; }));
  REQUIRE(soon([&] { return sink->status().events_out == 10; }));
  CHECK(sink->status().state == "ok");
  sink->stop(kLong);
}

TEST_CASE("a program that others can change is not started, and what is no command is refused") {
  Fixture f;
  const std::string program = f.file("p");
  tests::write_file(program, "#!/bin/sh\n", std::filesystem::perms{0777});
  REQUIRE(::chmod(program.c_str(), 0777) == 0);
  CHECK_THROWS_WITH(f.sink({program}),
                    Catch::Contains("sink 'exec': command: ") && Catch::Contains("can be written by everybody"));
  CHECK(refusal_of("command: [/bin/cat, -u]").empty());
  CHECK_THAT(refusal_of("command: []"), Contains("expected a program's path from / on"));
  CHECK_THAT(refusal_of("command: logger"), Contains("not 'logger'"));
  CHECK_THAT(refusal_of("command: [/bin/cat], retry: {first: 1h, most: 1s}"), Contains("longer than the longest"));
  CHECK_THAT(refusal_of("grace: 1s"), Contains("no 'command'"));
  ExecOptions missing;
  missing.command = {"/nonexistent/program"};
  CHECK_THAT(sink_warnings(sink_of("exec", missing), true).at(0), Contains("cannot start '/nonexistent/program'"));
}

}  // namespace naudit::output
