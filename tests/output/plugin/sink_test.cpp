// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// The sink plugin, with plugins that are scripts.

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/thread.hpp"
#include "config/loader.hpp"
#include "output/sinks/net/network.hpp"
#include "output/sinks/plugin/options.hpp"
#include "output/sinks/registry.hpp"
#include "tests/output/sink_support.hpp"
#include "tests/output/streams/stream_support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::output {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using tests::make_batch;
using tests::read_file;
using tests::sink_of;
using tests::soon;
using tests::split_lines;
using namespace std::chrono_literals;

constexpr auto kLong = 30'000ms;
// What waits for signals, and reads nothing; in a background whose end no trap waits for.
constexpr const char* kWaits = "; while :; do sleep 1000 & wait $!; done";

struct Fixture {
  Fixture() {
    options.retry = {1ms, 5ms};
    options.max_restarts = 1000;
  }
  std::unique_ptr<Sink> shell(const std::string& script, config::Queue queue = {}, SinkHost host = {}) {
    options.command = {"/bin/sh", "-c", script};
    config::Sink sink = sink_of("plugin", options);
    sink.queue = queue;
    return make_sink(sink, network, std::move(host));
  }
  [[nodiscard]] std::string file(const std::string& name) const { return directory.file(name); }
  // Once it is there as a whole.
  [[nodiscard]] bool has(const std::string& name) const { return std::filesystem::exists(file(name)); }
  // A shell's command that makes it as a whole.
  [[nodiscard]] std::string make(const std::string& name) const {
    return "echo > " + file("new") + "; mv " + file("new") + ' ' + file(name);
  }

  tests::TempDir directory;
  PluginOptions options;
  Network network;
};

}  // namespace

TEST_CASE("a plugin starts as auditd's do: its words, no environment, a socket, no descriptor of ours, our child") {
  Fixture f;
  const std::string script = f.file("plugin");
  tests::write_file(
      script,
      "#!/bin/sh\nout=$2; printf '%s|' \"$@\" > $out; echo >> $out\nwc -c < /proc/$$/environ >> $out\n"
      "readlink /proc/$$/fd/0 | cut -c 1-6 >> $out; echo $PPID >> $out; ls /proc/self/fd | wc -l >> $out\n"
      "grep SigBlk /proc/self/status >> $out; exec cat >> $out\n",
      std::filesystem::perms{0750});
  f.options.command = {script, "$(id); *", f.file("out"), ""};
  const auto sink = make_sink(sink_of("plugin", f.options), f.network, {});
  sink->push(make_batch(0, 2));
  sink->stop(kLong);
  const std::vector<std::string> lines = split_lines(read_file(f.file("out")));
  REQUIRE(lines.size() == 8);
  CHECK(lines[0] == "$(id); *|" + f.file("out") + "||");
  CHECK(lines[1] == "0");
  CHECK(lines[2] == "socket");
  CHECK(lines[3] == std::to_string(::getpid()));
  CHECK(lines[4] == "4");  // 0, 1, 2, and the folder that ls reads
  CHECK(lines[5] == "SigBlk:\t0000000000000000");
  CHECK(lines[6] == tests::event_text(0));
  CHECK(lines[7] == tests::event_text(1));
  CHECK(sink->status().events_out == 2);
}

TEST_CASE("a plugin gets the end of its input, then SIGTERM, then SIGKILL") {
  Fixture f;
  f.options.grace = 60s;
  const auto cat = f.shell("cat > " + f.file("out") + "; echo done > " + f.file("done"));
  cat->push(make_batch(0, 100));
  cat->stop(kLong);
  CHECK(read_file(f.file("done")) == "done\n");
  CHECK(read_file(f.file("out")) == make_batch(0, 100)->bytes);

  f.options.grace = 1ms;
  f.options.kill_after = 60s;
  const auto deaf = f.shell("trap '" + f.make("term") + "; exit' TERM; " + f.make("ready") + kWaits);
  REQUIRE(soon([&] { return f.has("ready"); }));
  deaf->stop(kLong);
  CHECK(f.has("term"));

  f.options.kill_after = 1ms;
  const auto stubborn = f.shell("trap '' TERM HUP; " + f.make("here") + kWaits);
  REQUIRE(soon([&] { return f.has("here"); }));
  stubborn->stop(kLong);
  CHECK(stubborn->status().state == "stopped");
}

TEST_CASE("a plugin that ends is started again with the event that it has not read, and with none that it has") {
  Fixture f;
  const auto sink = f.shell("read line && echo \"$line\" >> " + f.file("out") + "; kill -9 $$");
  sink->push(make_batch(0, 10));
  sink->push(make_batch(10, 10));
  REQUIRE(soon([&] { return sink->status().events_out == 20; }));
  sink->stop(kLong);
  CHECK(split_lines(read_file(f.file("out"))) == tests::event_lines(0, 20));
  CHECK(sink->status().retries >= 19);
  CHECK_THAT(sink->status().last_error, StartsWith("/bin/sh was ended by signal 9"));
  CHECK(sink->status().events_dropped == 0);
}

TEST_CASE("a plugin that ends too often stays down until a reload, and events wait") {
  Fixture f;
  f.options.max_restarts = 3;
  const auto sink = f.shell("echo >> " + f.file("starts") + "; [ -e " + f.file("good") + " ] && exec cat > " +
                            f.file("out") + "; exit 3");
  REQUIRE(soon([&] { return sink->status().state == "given up"; }));
  CHECK(read_file(f.file("starts")) == "\n\n\n\n");  // the first, and three again
  CHECK(sink->status().last_error ==
        "/bin/sh ended with status 3; it was started again 3 times, and stays down until a reload");
  sink->push(make_batch(0, 5));
  sink->reload();
  REQUIRE(soon([&] { return read_file(f.file("starts")).size() == 8 && sink->status().state == "given up"; }));
  CHECK(sink->status().events_dropped == 0);
  tests::write_file(f.file("good"), "", std::filesystem::perms{0600});
  sink->reload();
  REQUIRE(soon([&] { return sink->status().events_out == 5; }));
  sink->stop(kLong);
  CHECK(read_file(f.file("out")) == make_batch(0, 5)->bytes);
}

TEST_CASE("one that ran long has its restarts before it again") {
  Fixture f;
  f.options.max_restarts = 1;
  f.options.forgiven_after = 1ms;
  const auto sink = f.shell("sleep 0.01; echo >> " + f.file("starts"));
  REQUIRE(soon([&] { return f.has("starts") && read_file(f.file("starts")).size() >= 3; }));
  CHECK(sink->status().state != "given up");
  sink->stop(0ms);
}

TEST_CASE("a plugin that is as it was is told of a reload, and one that ends by that starts again at once") {
  Fixture f;
  const auto told = f.shell("trap '" + f.make("told") + "' HUP; " + f.make("ready") + kWaits);
  REQUIRE(soon([&] { return f.has("ready"); }));
  told->reload();
  CHECK(soon([&] { return f.has("told"); }));
  CHECK(told->status().retries == 0);
  told->stop(0ms);

  f.options.max_restarts = 0;
  const auto sink = f.shell("echo >> " + f.file("starts") + "; exec cat >> " + f.file("out"));
  for (int round = 0; round < 3; ++round) {
    sink->push(make_batch(10 * round, 10));
    REQUIRE(soon([&] { return sink->status().events_out == 10U * static_cast<unsigned>(round + 1); }));
    const std::size_t starts = read_file(f.file("starts")).size();
    // Not before it is cat: a shell would leave what it has not read.
    REQUIRE(
        soon([&] { return split_lines(read_file(f.file("out"))).size() == 10U * static_cast<unsigned>(round + 1); }));
    sink->reload();
    REQUIRE(soon([&] { return read_file(f.file("starts")).size() > starts; }));
  }
  sink->stop(kLong);
  CHECK(split_lines(read_file(f.file("out"))) == tests::event_lines(0, 30));
  CHECK(sink->status().retries == 0);
}

TEST_CASE("a plugin that never reads loses its own events, counted, and holds up nobody") {
  Fixture f;
  f.options.grace = 1ms;
  f.options.kill_after = 1ms;
  const auto stuck = f.shell(std::string("trap '' TERM") + kWaits, {.size = 128 * config::kKiB});
  const auto good = f.shell("cat > " + f.file("out"));
  std::string wanted;
  for (int first = 0; first < 2000; first += 10) {
    const BatchPtr batch = make_batch(first, 10, 1000);
    wanted += batch->bytes;
    stuck->push(batch);
    good->push(batch);
  }
  good->stop(kLong);
  CHECK(read_file(f.file("out")) == wanted);
  CHECK(good->status().events_dropped == 0);
  CHECK(stuck->status().events_dropped > 1000);
  CHECK(soon([&] { return stuck->status().state.starts_with("stalled for"); }));
  stuck->stop(0ms);
  const SinkStatus status = stuck->status();
  CHECK(status.events_in == 2000);
  CHECK(status.events_out + status.events_dropped == 2000);
}

TEST_CASE("a program that others can change is not started until that is put right") {
  Fixture f;
  const std::string program = f.file("p");
  tests::write_file(program, "#!/bin/sh\nexec cat > " + f.file("out") + "\n", std::filesystem::perms{0750});
  REQUIRE(::chmod(program.c_str(), 0757) == 0);
  f.options.command = {program};
  const auto sink = make_sink(sink_of("plugin", f.options), f.network, {});
  sink->push(make_batch(0, 1));
  REQUIRE(soon([&] { return sink->status().retries >= 2; }));
  CHECK_THAT(sink->status().last_error, Contains("can be written by everybody: chmod go-w"));
  CHECK_THAT(sink->status().state, StartsWith("not running"));
  CHECK_THAT(sink_warnings(sink_of("plugin", f.options), true).at(0), Contains("can be written by everybody"));
  REQUIRE(::chmod(program.c_str(), 0750) == 0);
  REQUIRE(soon([&] { return sink->status().events_out == 1; }));
  sink->stop(kLong);
}

TEST_CASE("a plugin runs on a thread of whoever keeps the rights, unless it is confined") {
  Fixture f;
  std::atomic<int> started = 0;
  SinkHost host;
  host.start_thread = [&started](const char* name, std::function<void()> run) {
    ++started;
    return base::start_thread(name, std::move(run));
  };
  f.shell("exec cat > /dev/null", {}, host)->stop(kLong);
  CHECK(started == 1);
  f.options.confined = true;
  f.shell("exec cat > /dev/null", {}, host)->stop(kLong);
  CHECK(started == 1);
}

TEST_CASE("what is no plugin's configuration is refused") {
  const auto refusal_of = [](const std::string& keys) -> std::string {
    try {
      config::parse("sinks:\n  - {name: a, type: plugin, " + keys + "}\n", "/f.yaml", kinds());
    } catch (const base::Error& error) {
      return error.what();
    }
    return "";
  };
  CHECK(refusal_of("command: [/bin/cat, -u], format: audispd-binary, audispd-binary: {names: false}").empty());
  CHECK(refusal_of("command: [/bin/cat], format: json, max_restarts: 0").empty());
  CHECK_THAT(refusal_of("command: []"), Contains("expected a program's path from / on"));
  CHECK_THAT(refusal_of("command: cat"), Contains("not 'cat'"));
  CHECK_THAT(refusal_of("command: [/bin/cat], retry: {first: 1h, most: 1s}"), Contains("longer than the longest"));
  CHECK_THAT(refusal_of("max_restarts: 1"), Contains("no 'command'"));
  CHECK_THAT(refusal_of("command: [/bin/cat], max_restarts: -1"), Contains("max_restarts") || Contains("0 to 1000000"));
  CHECK_THAT(refusal_of("command: [/bin/cat], audispd: {names: true}"), Contains("no meaning with the format 'json'"));
  CHECK_THAT(refusal_of("command: [/bin/cat], path: /x"), Contains("'path' has no meaning for a plugin sink"));
  CHECK_THAT(refusal_of("command: [/bin/cat], kill_after: 1h"), Contains("1m"));
}

}  // namespace naudit::output
