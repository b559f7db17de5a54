// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <algorithm>
#include <optional>
#include <thread>

#include "output/sinks/relp/frames.hpp"
#include "output/sinks/relp/sink.hpp"
#include "tests/output/brokers/broker_support.hpp"
#include "tests/output/sink_support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/relp_server.hpp"
#include "tests/support/rsyslog.hpp"

namespace naudit::output {
namespace {

using Catch::Matchers::Contains;
using tests::batch_of;
using tests::event_lines;
using tests::make_batch;
using tests::problems_of;
using tests::RelpServer;
using tests::wait_for_state;
using tests::without_repeats;
using namespace std::chrono_literals;

constexpr auto kLong = 60'000ms;

struct Fixture {
  tests::RelpConfig config(RelpServer& server) {
    tests::RelpConfig config;
    config.name = "relp";
    config.address = {server.address()};
    config.retry = {5ms, 50ms};
    return config;
  }
  std::unique_ptr<Sink> sink(const config::Sink& config) {
    return make_relp_sink(config, network, losses.handler(), 1);
  }

  tests::TempDir directory;
  Network network;
  tests::LossLog losses;
};

std::string message(int number) {
  return "<110>1 2023-11-14T22:13:21.001Z web1 nauditd 812 executed [naudit@32473 id=\"1700000001.001:" +
         std::to_string(number) + "\"] " + tests::event_text(number);
}

}  // namespace

TEST_CASE("over RELP every event arrives once and in order, and is delivered when it is answered") {
  Fixture f;
  RelpServer server;
  const auto sink = f.sink(f.config(server));
  for (int first = 0; first < 5000; first += 10) sink->push(make_batch(first, 10));
  sink->stop(kLong);
  CHECK(server.wrong() == "");
  CHECK(server.messages() == event_lines(0, 5000));
  const SinkStatus status = sink->status();
  CHECK(status.events_out == 5000);
  CHECK(status.events_dropped == 0);
  CHECK(status.queue_bytes == 0);
  CHECK(status.last_error.empty());
}

TEST_CASE("no more than 128 messages of RELP are unanswered at a time") {
  Fixture f;
  RelpServer::Options options;
  options.answers_from = 128;
  RelpServer server(options);
  const auto sink = f.sink(f.config(server));
  sink->push(make_batch(0, 1280));
  sink->stop(kLong);
  CHECK(server.wrong() == "");
  CHECK(server.most_waiting() == 128);
  CHECK(server.messages() == event_lines(0, 1280));
}

TEST_CASE("what is not answered when a RELP connection ends is sent again in order") {
  Fixture f;
  RelpServer::Options options;
  options.breaks_after = 50;
  RelpServer server(options);
  const auto sink = f.sink(f.config(server));
  for (int first = 0; first < 500; first += 10) sink->push(make_batch(first, 10));
  sink->stop(kLong);
  CHECK(server.wrong() == "");
  CHECK(without_repeats(server.messages()) == event_lines(0, 500));
  CHECK(sink->status().events_out == 500);
  CHECK(sink->status().events_dropped == 0);
  CHECK(sink->status().retries == 1);
}

TEST_CASE("an event that is larger than the server takes is lost alone, counted and told") {
  Fixture f;
  RelpServer server;
  tests::RelpConfig config = f.config(server);
  config.max_size = 4096;
  const auto sink = f.sink(config);
  sink->push(make_batch(0, 1));
  sink->push(batch_of(message(1) + std::string(5000, 'x') + '\n'));
  sink->push(make_batch(2, 1));
  sink->stop(kLong);
  CHECK(server.messages() == std::vector{tests::event_text(0), tests::event_text(2)});
  CHECK(sink->status().events_out == 2);
  CHECK(sink->status().events_dropped == 1);
  REQUIRE(f.losses.wait_for(1));
  CHECK(f.losses.losses().front().cause == "larger than max_size");
  CHECK(f.losses.losses().front().first_id == "1700000001.001:1");
}

TEST_CASE("a RELP server that refuses, or never answers, is told, and nothing counts as delivered") {
  Fixture f;
  RelpServer::Options options;
  tests::RelpConfig config;
  std::string state, error;
  SECTION("the session") {
    options.open_answer = "500 no such command";
    state = "session refused";
    error = "answers 500 no such command";
  }
  SECTION("a message") {
    options.answer = "500 queue full";
    state = "server refuses events";
    error = "answers 500 queue full";
  }
  SECTION("nothing is answered") {
    options.silent = true;
    config.timeout = 100ms;
    state = "disconnected";
    error = "has not answered within 100ms";
  }
  RelpServer server(options);
  config.name = "relp";
  config.address = {server.address()};
  config.retry = {5ms, 50ms};
  const auto sink = f.sink(config);
  sink->push(make_batch(0, 10));
  REQUIRE(wait_for_state(*sink, state));
  CHECK_THAT(sink->status().last_error, Contains(error));
  sink->stop(0ms);
  CHECK(sink->status().events_out == 0);
  CHECK(sink->status().events_dropped == 10);
}

TEST_CASE("of several RELP servers the next one is asked where one refuses, and that is told") {
  Fixture f;
  RelpServer::Options refuses;
  refuses.open_answer = "500 no such command";
  RelpServer first(refuses), second;
  tests::RelpConfig config = f.config(first);
  config.address.push_back(second.address());
  const auto sink = f.sink(config);
  sink->push(make_batch(0, 10));
  REQUIRE(wait_for_state(*sink, "failed over"));
  CHECK_THAT(sink->status().last_error, Contains("events go to " + second.address()));
  sink->stop(kLong);
  CHECK(second.messages() == event_lines(0, 10));
  CHECK(first.messages().empty());
  CHECK(sink->status().events_out == 10);
}

TEST_CASE("over TLS a RELP server needs a certificate that is trusted") {
  Fixture f;
  const tests::Certificates certificates(f.directory.file("."));
  RelpServer::Options options;
  options.tls = tests::LoopbackServer::Tls{certificates.server.certificate, certificates.server.key, {}};
  RelpServer server(options);
  tests::RelpConfig config = f.config(server);
  config.tls.enabled = true;
  config.tls.ca = certificates.authority.certificate;
  const auto sink = f.sink(config);
  sink->push(make_batch(0, 10));
  sink->stop(kLong);
  CHECK(sink->status().events_out == 10);
  config.tls.ca = certificates.stranger.certificate;
  const auto other = f.sink(config);
  REQUIRE(wait_for_state(*other, "disconnected"));
  CHECK_THAT(other->status().last_error, Contains("certificate is refused"));
}

TEST_CASE("rsyslog takes what a relp sink sends, and answers each message") {
  Fixture f;
  tests::Rsyslog rsyslog(f.directory.path(), std::nullopt, true);
  tests::RelpConfig config;
  config.name = "relp";
  config.address = {rsyslog.relp_address()};
  config.retry = {5ms, 50ms};
  const auto sink = f.sink(config);
  for (int i = 0; i < 1000; ++i) sink->push(batch_of(message(i) + '\n'));
  sink->stop(kLong);
  CHECK(sink->status().events_out == 1000);
  CHECK(sink->status().events_dropped == 0);
  const auto lines = rsyslog.lines(1000);
  REQUIRE(lines.size() == 1000);
  for (int i = 0; i < 1000; ++i) {
    CAPTURE(i);
    REQUIRE(lines[static_cast<std::size_t>(i)] ==
            "110|1|2023-11-14T22:13:21.001Z|web1|nauditd|812|executed|[naudit@32473 id=\"1700000001.001:" +
                std::to_string(i) + "\"]|" + tests::event_text(i));
  }
}

TEST_CASE("each line of an event is a message of RELP, and the event is delivered when all are answered") {
  Fixture f;
  RelpServer::Options options;
  options.breaks_after = 200;
  RelpServer server(options);
  const auto sink = f.sink(f.config(server));
  std::string lines;
  std::vector<std::string> wanted;
  for (int i = 0; i < 300; ++i) {
    wanted.push_back(message(i));
    lines += wanted.back() + '\n';
  }
  sink->push(batch_of(lines));
  sink->push(batch_of(message(300) + '\n'));
  wanted.push_back(message(300));
  sink->stop(kLong);
  CHECK(server.wrong() == "");
  CHECK(without_repeats(server.messages()) == wanted);
  // From its first line on, for the event was not delivered.
  CHECK(std::ranges::count(server.messages(), wanted.front()) == 2);
  CHECK(sink->status().events_out == 2);
}

TEST_CASE("RELP's frames are counted to the byte") {
  std::string frames;
  append_relp_frame(999'999'999, "syslog", "a b", frames);
  append_relp_frame(next_relp_number(999'999'999), "close", "", frames);
  CHECK(frames == "999999999 syslog 3 a b\n1 close 0\n");
}

TEST_CASE("answers of RELP are read however they are cut, and nothing else is") {
  const std::string text =
      "1 rsp 93 200 OK\nrelp_version=0\nrelp_software=librelp,1.11.0,http://librelp.adiscon.com\ncommands=syslog\n"
      "2 rsp 6 200 OK\n3 rsp 9 500 error\n0 serverclose 0\n";
  RelpReader cut;
  std::vector<RelpAnswer> answers;
  for (const char byte : text) {
    cut.feed({&byte, 1});
    while (const auto answer = cut.next()) answers.push_back(*answer);
  }
  REQUIRE(answers.size() == 4);
  CHECK(answers[0].number == 1);
  CHECK(answers[0].code == 200);
  CHECK(answers[0].text == "OK");
  CHECK(answers[1].number == 2);
  CHECK(answers[2].code == 500);
  CHECK(answers[2].text == "error");
  CHECK(answers[3].kind == RelpAnswer::Kind::kServerClose);
  CHECK_FALSE(cut.failed());
  for (const std::string& wrong : {std::string("HTTP/1.1 400 Bad\r\n"), std::string("1 rsp 6 200 OKx"),
                                   std::string("1 rsp 99999999 "), std::string("x rsp 6 200 OK\n"),
                                   std::string("1 rsp 2 ab\n"), std::string("1 syslog 0\n"), std::string(1000, '1')}) {
    RelpReader reader;
    reader.feed(wrong);
    CHECK_FALSE(reader.next().has_value());
    CHECK(reader.failed());
  }
}

TEST_CASE("what a relp sink cannot be is refused in words that say what to do") {
  CHECK_THAT(problems_of("relp", "timeout: 1s"), Contains("no 'address'"));
  CHECK_THAT(problems_of("relp", "address: x"), Contains("expected host:port"));
  CHECK_THAT(problems_of("relp", "address: 'h:1', max_size: 1KiB"), Contains("expected a size from 4KiB"));
  CHECK_THAT(problems_of("relp", "address: []"), Contains("is missing; write host:port"));
  CHECK(problems_of("relp",
                    "address: ['h:1', 'i:1'], hosts: balance, reconnect: 1h, keepalive: {idle: 10s}, max_size: 256KiB, "
                    "ack_timeout: 1m, facility: local3, tls: true") == "");
  CHECK_THAT(problems_of("relp", "address: 'h:1', app_name: 'a b'"), Contains("printable ASCII"));
}

}  // namespace naudit::output
