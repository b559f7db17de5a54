// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/state_report.hpp"

#include "output/sinks/file/sink.hpp"
#include "output/sinks/http/sink.hpp"
#include "output/sinks/net/network.hpp"
#include "output/sinks/tcp/sink.hpp"
#include "tests/output/trouble/faulty_file_system.hpp"
#include "tests/output/trouble/told_support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/line_server.hpp"

namespace naudit::output {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using tests::make_batch;
using namespace std::chrono_literals;
using TimePoint = StateReport::TimePoint;

constexpr Retry kSoon{5ms, 20ms};
constexpr TimePoint kStart{std::chrono::hours{1}};

struct FileFixture {
  FileFixture() {
    config.name = "log";
    config.path = directory.file("events.json");
    config.sync.kind = SyncKind::kNone;
  }
  std::unique_ptr<FileSink> sink() { return std::make_unique<FileSink>(config, host.host(), 1, system, kSoon); }

  tests::TempDir directory;
  tests::FaultyFileSystem system;
  tests::Host host;
  tests::FileConfig config;
};

}  // namespace

TEST_CASE("the first trouble is told at once, the same one not again, and its end a second later") {
  StateReport report;
  report.set("", "");
  CHECK_FALSE(report.next(kStart));
  report.set("disk full", "no space");
  const auto trouble = report.next(kStart);
  REQUIRE(trouble);
  CHECK_FALSE(trouble->works);
  CHECK(trouble->state == "disk full");
  CHECK(trouble->cause == "no space");
  CHECK(trouble->changes == 1);
  report.set("disk full", "no space");
  CHECK(report.due() == TimePoint::max());
  report.set("", "");
  CHECK(report.due() == kStart + 1s);
  CHECK_FALSE(report.next(kStart + 999ms));
  const auto end = report.next(kStart + 1s);
  REQUIRE(end);
  CHECK(end->works);
  CHECK(end->state == "ok");
}

TEST_CASE("another cause is another trouble") {
  StateReport report;
  report.set("disconnected", "refused");
  REQUIRE(report.next(kStart));
  report.set("disconnected", "its certificate is refused");
  const auto other = report.next(kStart + 1s);
  REQUIRE(other);
  CHECK(other->cause == "its certificate is refused");
}

TEST_CASE("what changes all the time is told less and less often, with the number of changes") {
  StateReport report;
  std::uint64_t changes = 0;
  int told = 0;
  // Ten minutes, a change each 100 ms.
  for (int i = 0; i < 6000; ++i) {
    report.set(i % 2 == 0 ? "disconnected" : "", "");
    if (const auto change = report.next(kStart + i * 100ms)) {
      ++told;
      changes += change->changes;
    }
  }
  CHECK(told >= 10);
  CHECK(told <= 20);
  CHECK(changes > 5000);
}

TEST_CASE("after a quiet minute a change is told a second after the last one again") {
  StateReport report;
  TimePoint now = kStart;
  for (int i = 0; i < 8; ++i, now += 90s) {
    report.set(i % 2 == 0 ? "disk full" : "", "");
    REQUIRE(report.next(now));
  }
  report.set("disk full", "");
  CHECK(report.due() == now - 90s + 1s);
}

TEST_CASE("a record of a state is one word a field, whatever a server has said") {
  SinkChange change;
  change.sink = "siem";
  change.state = "server answers 503";
  change.cause = "503 Busy: go away auid=0 res=success 'x'\n\"y\" \x1d ü";
  change.events_waiting = 7;
  CHECK(change_record(change) ==
        "op=sink-state sink=siem state=server-answers-503 cause=503-Busy:-go-away-auid=0-res=success-x-y waiting=7 "
        "res=failed");
  CHECK(change_record({.sink = "log", .state = "ok", .cause = "", .works = true, .changes = 4}) ==
        "op=sink-state sink=log state=ok waiting=0 changes=4 res=success");
  CHECK(loss_record({"log", "queue full while disk full", 3, "1.000:1", "1.000:3", 9}) ==
        "op=lost cause=queue-full-while-disk-full sink=log events=3 first=1.000:1 last=1.000:3 total=9 res=failed");
}

TEST_CASE("a file sink tells that the disk is full, and that it works again with what waited") {
  FileFixture f;
  f.system.limit_writes(0, ENOSPC);
  const auto sink = f.sink();
  sink->push(make_batch(0, 10));
  REQUIRE(f.host.wait_for_changes(1));
  REQUIRE(f.system.wait_for_failed_writes(5));
  f.system.heal();
  REQUIRE(f.host.wait_for_changes(2));
  sink->stop(30s);
  const auto changes = f.host.changes();
  REQUIRE(changes.size() == 2);
  CHECK(changes[0].sink == "log");
  CHECK(changes[0].state == "disk full");
  CHECK(changes[0].cause == "cannot write to " + f.config.path + ": No space left on device");
  CHECK(changes[0].events_waiting == 10);
  CHECK(changes[1].works);
}

TEST_CASE("a file that cannot be opened is told at once, before the first event") {
  struct Case {
    int error;
    const char* state;
  };
  for (const Case& one : std::vector<Case>{{ENOENT, "directory is missing"},
                                           {EACCES, "permission denied"},
                                           {EROFS, "read-only file system"},
                                           {EDQUOT, "disk quota exceeded"},
                                           {EIO, "I/O error"},
                                           {ELOOP, "symbolic link"}}) {
    FileFixture f;
    f.system.fail_opens(one.error);
    const auto sink = f.sink();
    REQUIRE(f.host.wait_for_changes(1));
    CHECK(f.host.changes()[0].state == one.state);
    CHECK_THAT(f.host.changes()[0].cause, Contains(f.config.path));
    sink->stop(0ms);
    CHECK(f.host.changes().size() == 1);
  }
}

TEST_CASE("what is amiss with a file that takes events is a state, too") {
  FileFixture f;
  f.config.rotate.keep = 1;
  f.system.fail_rename_to(f.config.path + ".1", EACCES);
  const auto sink = f.sink();
  sink->push(make_batch(0, 10));
  REQUIRE(f.system.wait_for_bytes(1));
  sink->rotate();
  REQUIRE(f.host.wait_for_changes(1));
  CHECK(f.host.changes()[0].state == "cannot rotate");
  CHECK(sink->status().state == "cannot rotate");
  f.system.fail_rename_to("", 0);
  sink->rotate();
  REQUIRE(f.host.wait_for_changes(2));
  CHECK(f.host.changes()[1].works);
  CHECK(sink->status().state == "ok");
  sink->stop(30s);
}

TEST_CASE("a file whose mode cannot be set is told") {
  FileFixture f;
  tests::write_file(f.config.path, "", std::filesystem::perms{0644});
  f.system.fail_modes(EPERM);
  const auto sink = f.sink();
  REQUIRE(f.host.wait_for_changes(1));
  CHECK(f.host.changes()[0].state == "cannot protect the file");
  sink->push(make_batch(0, 10));
  sink->stop(30s);
  CHECK(sink->status().events_out == 10);
}

TEST_CASE("a sync that fails is told, and that syncs work again") {
  FileFixture f;
  f.config.sync = {SyncKind::kInterval, 1ms};
  f.system.fail_syncs(1, EIO);
  const auto sink = f.sink();
  sink->push(make_batch(0, 10));
  REQUIRE(f.host.wait_for_changes(1));
  CHECK(f.host.changes()[0].state == "cannot sync");
  REQUIRE(f.host.wait_for_changes(2));
  CHECK(f.host.changes()[1].works);
  sink->stop(30s);
}

TEST_CASE("a server that cannot be reached is told once, however often it is tried") {
  tests::Host host;
  tests::LineServer dead;
  const std::string address = dead.address();
  dead.stop();
  Network network;
  tests::TcpConfig config;
  config.name = "lines";
  config.address = {address};
  config.retry = kSoon;
  const auto sink = make_tcp_sink(config, network, host.host(), 1);
  REQUIRE(host.wait_for_changes(1));
  while (sink->status().retries < 10) std::this_thread::yield();
  sink->stop(0ms);
  REQUIRE(host.changes().size() == 1);
  CHECK(host.changes()[0].state == "disconnected");
  CHECK_THAT(host.changes()[0].cause, Contains("cannot connect to " + address) && Contains("refused"));
}

TEST_CASE("a server's certificate that is refused is told as that") {
  tests::TempDir directory;
  const tests::Certificates certificates(directory.file("."));
  tests::Host host;
  tests::LineServer::Options options;
  options.tls = tests::LoopbackServer::Tls{certificates.server.certificate, certificates.server.key, ""};
  tests::LineServer server(options);
  Network network;
  tests::TcpConfig config;
  config.name = "lines";
  config.address = {server.address()};
  config.tls.enabled = true;
  config.tls.ca = certificates.authority.certificate;
  config.tls.server_name = "somebody.else";
  config.retry = kSoon;
  const auto sink = make_tcp_sink(config, network, host.host(), 1);
  REQUIRE(host.wait_for_changes(1));
  sink->stop(0ms);
  CHECK_THAT(host.changes()[0].cause, Contains("its certificate is refused"));
}

TEST_CASE("what a server answers is a state: told once, and its end") {
  for (const int status : {503, 429, 302}) {
    tests::Host host;
    std::deque<tests::HttpServer::Answer> script;
    for (int i = 0; i < 5; ++i)
      script.push_back({status, "", "request " + std::to_string(i), tests::HttpServer::Step::kReply});
    tests::HttpServer server(std::move(script));
    Network network;
    tests::HttpsConfig config;
    config.name = "siem";
    config.url = "http://" + server.server().address() + "/in";
    config.retry = kSoon;
    config.batch.time = 1ms;
    const auto sink = make_https_sink(config, network, host.host(), 1);
    sink->push(make_batch(0, 10));
    REQUIRE(host.wait_for_changes(2));
    sink->stop(30s);
    const auto changes = host.changes();
    REQUIRE(changes.size() == 2);
    CHECK(changes[0].state == "server answers " + std::to_string(status));
    CHECK_THAT(changes[0].cause, StartsWith(std::to_string(status)));
    CHECK(changes[1].works);
  }
}

TEST_CASE("a server that refuses events is told, and that it takes them again") {
  tests::Host host;
  tests::HttpServer server({{400, "", "no such field", tests::HttpServer::Step::kReply}});
  Network network;
  tests::HttpsConfig config;
  config.name = "siem";
  config.format = "raw";
  config.url = "http://" + server.server().address() + "/in";
  config.retry = kSoon;
  config.batch.time = 1ms;
  const auto sink = make_https_sink(config, network, host.host(), 1);
  sink->push(make_batch(0, 10));
  REQUIRE(host.wait_for_changes(2));
  sink->stop(30s);
  CHECK(host.changes()[0].state == "server refuses events");
  CHECK_THAT(host.changes()[0].cause, Contains("400") && Contains("no such field"));
  CHECK(host.changes()[1].works);
}

}  // namespace naudit::output
