// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <thread>

#include <fmt/format.h>

#include "output/sinks/auditd_remote/answers.hpp"
#include "output/sinks/auditd_remote/options.hpp"
#include "output/sinks/auditd_remote/sink.hpp"
#include "tests/output/brokers/broker_support.hpp"
#include "tests/output/sink_support.hpp"
#include "tests/support/auditd_listener.hpp"
#include "tests/support/auditd_server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/frames.hpp"
#include "tests/support/line_server.hpp"

namespace naudit::tests {

template <>
inline constexpr const char* kTypeOf<output::AuditdRemoteOptions> = "auditd-remote";
using AuditdRemoteConfig = SinkConfig<output::AuditdRemoteOptions>;

}  // namespace naudit::tests

namespace naudit::output {
namespace {

using Catch::Matchers::Contains;
using tests::AuditdServer;
using tests::batch_of;
using tests::problems_of;
using tests::remote_frame;
using tests::wait_for_state;
using tests::without_repeats;
using Request = AuditdServer::Message;
using namespace std::chrono_literals;

constexpr auto kLong = 60'000ms;

struct Fixture {
  tests::AuditdRemoteConfig config(const std::string& address) {
    tests::AuditdRemoteConfig config;
    config.name = "loghost";
    config.format = "enriched";
    config.address = {address};
    config.retry = {5ms, 50ms};
    return config;
  }
  std::unique_ptr<Sink> sink(const config::Sink& config) {
    return make_auditd_remote_sink(config, network, losses.handler(), 1);
  }

  tests::TempDir directory;
  Network network;
  tests::LossLog losses;
};

// An event has two records, with bytes that are not text in one of them.
std::string record(int event, int index) {
  const std::string head =
      fmt::format("node=web1 type={} msg=audit(1700000001.001:{}): ", index == 0 ? "SYSCALL" : "PATH", event);
  return head + (index == 0 ? "arch=c000003e syscall=59 uid=1000 key=\"k\"\x1d"
                              "ARCH=x86_64 SYSCALL=execve UID=\"jo\""
                            : "item=0 name=\"/caf\xc3\xa9\t\xff\" nametype=NORMAL");
}

BatchPtr events(int first, int count) {
  auto batch = std::make_shared<Batch>();
  for (int event = first; event < first + count; ++event) {
    batch->bytes += record(event, 0) + '\n' + record(event, 1) + '\n';
    batch->ends.push_back(static_cast<std::uint32_t>(batch->bytes.size()));
  }
  batch->first_id = fmt::format("1700000001.001:{}", first);
  batch->last_id = fmt::format("1700000001.001:{}", first + count - 1);
  batch->made = std::chrono::steady_clock::now();
  return batch;
}

std::vector<std::string> records(int first, int count) {
  std::vector<std::string> lines;
  for (int event = first; event < first + count; ++event)
    for (const int index : {0, 1}) lines.push_back(record(event, index));
  return lines;
}

}  // namespace

TEST_CASE("every record is a message of auditd's protocol, and an event is delivered when all of its are answered") {
  Fixture f;
  AuditdServer server;
  const auto sink = f.sink(f.config(server.address()));
  for (int first = 0; first < 1000; first += 10) sink->push(events(first, 10));
  sink->stop(kLong);
  CHECK(server.wrong() == "");
  CHECK(server.records() == records(0, 1000));
  const SinkStatus status = sink->status();
  CHECK(status.events_out == 1000);
  CHECK(status.events_dropped == 0);
  CHECK(status.queue_bytes == 0);
  CHECK(status.last_error.empty());
}

TEST_CASE("no more records are unanswered at a time than the window has") {
  Fixture f;
  const std::size_t window = GENERATE(1U, 50U);
  std::string waiting;
  std::size_t count = 0;
  // Answers only once the window is full: with a smaller one nothing would move, with a larger one more would come.
  AuditdServer server([&](const Request& message) -> std::optional<std::string> {
    if (message.is_heartbeat) return AuditdServer::ack(message);
    waiting += AuditdServer::ack(message);
    return ++count % window == 0 ? std::exchange(waiting, "") : std::string();
  });
  tests::AuditdRemoteConfig config = f.config(server.address());
  config.window = static_cast<std::uint32_t>(window);
  const auto sink = f.sink(config);
  sink->push(events(0, 100));
  sink->stop(kLong);
  CHECK(server.wrong() == "");
  CHECK(server.records() == records(0, 100));
  CHECK(sink->status().events_out == 100);
}

TEST_CASE("what auditd has not answered, or could not store, is sent again in order") {
  Fixture f;
  std::atomic<bool> is_seen = false;
  std::string state;
  AuditdServer::Answer first;
  SECTION("it hangs up") {
    state = "disconnected";
    first = [](const Request&) { return std::nullopt; };
  }
  SECTION("it ends") {
    state = "disconnected";
    first = [](const Request&) { return remote_frame("", 0, 0x40000001); };
  }
  SECTION("its disk is full") {
    state = "server: disk full";
    first = [](const Request& message) { return AuditdServer::answer_of(message, 0x60000001, "disk full"); };
  }
  SECTION("its disk fails") {
    state = "server: disk error";
    first = [](const Request& message) { return AuditdServer::answer_of(message, 0x60000002, "disk write error"); };
  }
  SECTION("it has an error of another kind") {
    state = "server: error 0x60000009";
    first = [](const Request& message) { return AuditdServer::answer_of(message, 0x60000009); };
  }
  SECTION("it answers something else") {
    state = "disconnected";
    first = [](const Request& message) { return remote_frame("", message.sequence + 1, 0x40000000); };
  }
  SECTION("it answers with what is no answer") {
    state = "disconnected";
    first = [](const Request&) { return "HTTP/1.1 400 Bad Request\r\n\r\n"; };
  }
  SECTION("it answers what no server does") {
    state = "disconnected";
    first = [](const Request& message) { return AuditdServer::answer_of(message, 0); };
  }
  // The 51st record of each connection, until the test has seen the state.
  AuditdServer server([&](const Request& message) -> std::optional<std::string> {
    return is_seen || message.records != 51 ? AuditdServer::ack(message) : first(message);
  });
  const auto sink = f.sink(f.config(server.address()));
  for (int event = 0; event < 500; event += 10) sink->push(events(event, 10));
  REQUIRE(wait_for_state(*sink, state));
  is_seen = true;
  sink->stop(kLong);
  CHECK(server.wrong() == "");
  CHECK(without_repeats(server.records()) == records(0, 500));
  CHECK(sink->status().events_out == 500);
  CHECK(sink->status().events_dropped == 0);
  CHECK(sink->status().retries > 0);
}

TEST_CASE("a server that refuses everything is not asked without a pause, and nothing counts as delivered") {
  Fixture f;
  AuditdServer server([](const Request& message) -> std::optional<std::string> {
    return message.is_heartbeat ? AuditdServer::ack(message)
                                : AuditdServer::answer_of(message, 0x60000001, "disk full");
  });
  tests::AuditdRemoteConfig config = f.config(server.address());
  config.retry = {1h, 1h};
  const auto sink = f.sink(config);
  sink->push(events(0, 10));
  REQUIRE(wait_for_state(*sink, "server: disk full, retrying in "));
  CHECK(server.connections() == 1);
  CHECK_THAT(sink->status().last_error, Contains("has not stored a record: disk full"));
  sink->stop(0ms);
  CHECK(sink->status().events_out == 0);
  CHECK(sink->status().events_dropped == 10);
}

TEST_CASE("a record that auditd takes with a warning is delivered, and the warning is told until it is over") {
  Fixture f;
  std::atomic<bool> is_low = true;
  AuditdServer server([&](const Request& message) -> std::optional<std::string> {
    return message.is_heartbeat || !is_low ? AuditdServer::ack(message) : AuditdServer::answer_of(message, 0x50000001);
  });
  const auto sink = f.sink(f.config(server.address()));
  sink->push(events(0, 10));
  REQUIRE(wait_for_state(*sink, "server: disk low"));
  CHECK_THAT(sink->status().last_error, Contains("warns: disk low"));
  while (sink->status().events_out < 10) std::this_thread::yield();
  is_low = false;
  sink->push(events(10, 1));
  REQUIRE(wait_for_state(*sink, "ok"));
  sink->stop(kLong);
  CHECK(server.records() == records(0, 11));
  CHECK(server.connections() == 1);
}

TEST_CASE("a server that says nothing, and one that no longer lives, are let go of") {
  Fixture f;
  std::atomic<bool> lives = true;
  AuditdServer server([&](const Request& message) { return lives ? AuditdServer::ack(message) : std::string(); });
  tests::AuditdRemoteConfig config = f.config(server.address());
  config.heartbeat_timeout = 20ms;
  config.ack_timeout = 5000ms;
  config.timeout = 100ms;
  const auto sink = f.sink(config);
  while (server.heartbeats() < 5) std::this_thread::yield();
  CHECK(server.connections() == 1);
  CHECK(server.records().empty());
  lives = false;
  REQUIRE(wait_for_state(*sink, "disconnected"));
  CHECK_THAT(sink->status().last_error, Contains("has not answered within"));
  lives = true;
  sink->push(events(0, 1));
  sink->stop(kLong);
  CHECK(sink->status().events_out == 1);
  CHECK(server.wrong() == "");
}

TEST_CASE("a record that auditd would hang up at is cut, counted and told") {
  Fixture f;
  AuditdServer server;
  const auto sink = f.sink(f.config(server.address()));
  const std::string head = "type=USER msg=audit(1.000:1): ";
  const std::string fits = head + std::string(8954 - head.size(), 'x');
  sink->push(batch_of(fits + '\n'));
  sink->push(batch_of(fits + "y\n"));
  REQUIRE(wait_for_state(*sink, "messages cut"));
  CHECK_THAT(sink->status().last_error, Contains("1 were longer than max_size"));
  sink->stop(kLong);
  CHECK(server.wrong() == "");
  CHECK(server.records() == std::vector{fits, fits});
  CHECK(sink->status().events_out == 2);
}

TEST_CASE("records go as lines where the receiver is no auditd") {
  Fixture f;
  tests::LineServer server;
  tests::AuditdRemoteConfig config = f.config(server.address());
  config.protocol = AuditdFraming::kAscii;
  const auto sink = f.sink(config);
  sink->push(events(0, 100));
  REQUIRE(server.wait_for_lines(200));
  CHECK(server.lines() == records(0, 100));
  sink->stop(kLong);
  CHECK(sink->status().events_out == 100);
}

TEST_CASE("of several auditds the next one is asked where one does not let us in, and TLS stands in front of one") {
  Fixture f;
  const tests::Certificates certificates(f.directory.file("."));
  const tests::LoopbackServer::Tls tls{certificates.server.certificate, certificates.server.key, {}};
  AuditdServer takes(AuditdServer::ack, tls), refuses([](const Request&) { return std::nullopt; }, tls);
  tests::AuditdRemoteConfig config = f.config(refuses.address());
  config.address.push_back(takes.address());
  config.tls.enabled = true;
  config.tls.ca = certificates.authority.certificate;
  const auto sink = f.sink(config);
  sink->push(events(0, 10));
  REQUIRE(wait_for_state(*sink, "failed over"));
  sink->stop(kLong);
  CHECK(takes.records() == records(0, 10));
  CHECK(refuses.records().empty());
  CHECK(sink->status().events_out == 10);
}

TEST_CASE("answers of auditd are read however they are cut, and nothing else is") {
  const std::string text = remote_frame("", 1, 0x40000000) + remote_frame("disk low", 2, 0x50000001) +
                           remote_frame("", 3, 0x60000002) + remote_frame("", 0, 0x40000001) +
                           remote_frame("x", 0xfedcba98, 0x50000abc);
  AuditdAnswerReader cut;
  std::vector<AuditdAnswer> answers;
  for (const char byte : text) {
    cut.feed({&byte, 1});
    while (const auto answer = cut.next()) answers.push_back(*answer);
  }
  using Kind = AuditdAnswer::Kind;
  REQUIRE(answers.size() == 5);
  CHECK(answers[0].kind == Kind::kTaken);
  CHECK(answers[0].sequence == 1);
  CHECK(answers[1].kind == Kind::kWarned);
  CHECK(answers[1].state == "disk low");
  CHECK(answers[1].text == "disk low");
  CHECK(answers[2].kind == Kind::kRefused);
  CHECK(answers[2].state == "disk error");
  CHECK(answers[3].kind == Kind::kEnding);
  CHECK(answers[4].kind == Kind::kWarned);
  CHECK(answers[4].state == "warning 0x50000abc");
  CHECK(answers[4].sequence == 0xfedcba98);
  CHECK_FALSE(cut.failed());
  std::string newer = remote_frame("", 1, 0x40000000);
  newer[5] = 1;
  for (const std::string& wrong : {std::string("type=USER"), newer, remote_frame("", 1, 0), remote_frame("", 1, 1),
                                   remote_frame("", 1, 0x40000002), remote_frame("", 1, 0xC0000000),
                                   remote_frame(std::string(8971, 'x'), 1, 0x40000000)}) {
    AuditdAnswerReader reader;
    reader.feed(wrong);
    CHECK_FALSE(reader.next().has_value());
    CHECK(reader.failed());
  }
}

TEST_CASE("what an auditd-remote sink cannot be is refused in words that say what to do") {
  CHECK_THAT(problems_of("auditd-remote", "timeout: 1s"), Contains("no 'address'"));
  CHECK_THAT(problems_of("auditd-remote", "format: raw, address: x"), Contains("expected host:port"));
  CHECK_THAT(problems_of("auditd-remote", "format: json, address: 'h:60'"),
             Contains("write 'format: enriched', or raw"));
  CHECK(problems_of("auditd-remote", "address: 'h:60'").empty());  // enriched, unless told
  CHECK_THAT(problems_of("auditd-remote", "format: raw, address: 'h:60', window: 0"), Contains("from 1"));
  CHECK_THAT(problems_of("auditd-remote", "format: raw, address: 'h:60', max_size: 64KiB"), Contains("1KiB"));
  CHECK(problems_of("auditd-remote",
                    "format: raw, raw: {node: true}, address: ['h:60', 'i:60'], hosts: balance, window: 1, "
                    "heartbeat_timeout: 0s, ack_timeout: 5s, protocol: managed, tls: true") == "");
}

TEST_CASE("the warnings of an auditd-remote sink name what gets lost on the way to an auditd") {
  const std::vector<std::string> warnings = auditd_remote_warnings(
      config::parse("sinks: [{name: a, type: auditd-remote, format: raw, address: '192.0.2.1:60', protocol: ascii}]\n",
                    "/f.yaml", kinds())
          .config.sinks.front(),
      false);
  REQUIRE(warnings.size() == 3);
  CHECK_THAT(warnings[0], Contains("tls is off"));
  CHECK_THAT(warnings[1], Contains("auditd itself leaves lines out"));
  CHECK_THAT(warnings[2], Contains("write 'raw: {node: true}'"));
}

#ifdef NAUDIT_AUDITD

TEST_CASE("Debian's auditd logs every record byte for byte, and answers each", "[auditd]") {
  Fixture f;
  tests::AuditdListener auditd(NAUDIT_AUDITD, NAUDIT_AUDITD_SHIM, f.directory.path());
  auditd.start();
  tests::AuditdRemoteConfig config = f.config(auditd.address());
  config.heartbeat_timeout = 50ms;
  const auto sink = f.sink(config);
  const std::string head = "node=web1 type=USER msg=audit(1.000:1): ";
  const std::string longest = head + std::string(8954 - head.size(), 'x');
  sink->push(batch_of(longest + "y\n"));
  for (int first = 0; first < 1000; first += 10) sink->push(events(first, 10));
  sink->stop(kLong);
  std::vector<std::string> wanted = records(0, 1000);
  wanted.insert(wanted.begin(), longest);
  CHECK(auditd.wait_for_lines(wanted.size()));
  CHECK(auditd.lines() == wanted);
  CHECK(sink->status().events_out == 1001);
  CHECK(sink->status().events_dropped == 0);
}

TEST_CASE("an auditd that is killed, or stopped, and comes again has every record", "[auditd]") {
  Fixture f;
  const int signal = GENERATE(SIGKILL, SIGTERM);
  tests::AuditdListener auditd(NAUDIT_AUDITD, NAUDIT_AUDITD_SHIM, f.directory.path());
  auditd.start();
  const auto sink = f.sink(f.config(auditd.address()));
  constexpr int kEvents = 600;
  sink->push(events(0, 200));
  for (int first = 200; first < kEvents; first += 200) {
    CHECK(auditd.wait_for_lines(static_cast<std::size_t>(first) * 2 - 300));
    sink->push(events(first, 100));
    auditd.stop(signal);
    sink->push(events(first + 100, 100));
    auditd.start();
  }
  sink->stop(kLong);
  CHECK(sink->status().events_out == kEvents);
  CHECK(sink->status().events_dropped == 0);
  CHECK(without_repeats(auditd.lines()) == records(0, kEvents));
}

#else

TEST_CASE("Debian's auditd takes what an auditd-remote sink sends", "[auditd]") {
  // NOLINTNEXTLINE(concurrency-mt-unsafe)
  if (std::getenv("CI") != nullptr) FAIL("auditd is missing: tools/fetch-peers unpacks it");
  SUCCEED("auditd is not there");
}

#endif

}  // namespace naudit::output
