// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <algorithm>
#include <optional>
#include <stdexcept>
#include <thread>

#include "base/error.hpp"
#include "config/loader.hpp"
#include "output/sinks/kinds.hpp"
#include "output/sinks/relp/frames.hpp"
#include "output/sinks/relp/sink.hpp"
#include "tests/output/sink_support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/program.hpp"
#include "tests/support/relp_server.hpp"

namespace naudit::output {
namespace {

using Catch::Matchers::Contains;
using tests::event_lines;
using tests::make_batch;
using tests::RelpServer;
using namespace std::chrono_literals;

constexpr auto kLong = 60'000ms;

struct Fixture {
  tests::RelpConfig config(RelpServer& server) {
    tests::RelpConfig config;
    config.name = "relp";
    config.address = server.address();
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

// Without the syslog header.
std::vector<std::string> texts(const std::vector<std::string>& messages) {
  std::vector<std::string> texts;
  for (const std::string& message : messages) {
    const std::size_t head = message.find(" nauditd - - - ");
    REQUIRE(message.starts_with("<110>1 "));
    REQUIRE(head != std::string::npos);
    texts.push_back(message.substr(head + 15));
  }
  return texts;
}

std::vector<std::string> first_texts(const std::vector<std::string>& messages) {
  std::vector<std::string> firsts;
  for (const std::string& text : texts(messages))
    if (std::ranges::find(firsts, text) == firsts.end()) firsts.push_back(text);
  return firsts;
}

bool wait_for_state(const Sink& sink, const std::string& words) {
  const auto deadline = std::chrono::steady_clock::now() + kLong;
  while (sink.status().state.find(words) == std::string::npos) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

BatchPtr record_batch() {
  auto batch = std::make_shared<Batch>();
  batch->bytes = "{\"id\":\"1700000001.001:7\",\"node\":\"web1\"}\n";
  batch->ends = {static_cast<std::uint32_t>(batch->bytes.size())};
  batch->first_id = batch->last_id = "1700000001.001:7";
  batch->made = std::chrono::steady_clock::now();
  return batch;
}

// Debian's rsyslogd with imrelp, which writes each message's text as a line.
struct Rsyslog {
  explicit Rsyslog(const tests::TempDir& folder) : output(folder.file("messages")) {
    constexpr const char* kProgram = "/usr/sbin/rsyslogd";
    if (!std::filesystem::exists(kProgram)) throw std::runtime_error("no rsyslogd; tools/install-deps installs it");
    port = tests::LoopbackServer({}, 0, [](auto&) {}).port();
    std::ofstream(folder.file("rsyslog.conf"))
        << "global(workDirectory=\"" << folder.file(".") << "\" maxMessageSize=\"256k\")\nmodule(load=\"imrelp\")\n"
        << "template(name=\"parts\" type=\"string\" string=\"%pri%|%hostname%|%app-name%|%timereported:::date-rfc3339%|"
        << "%msg%\\n\")\ninput(type=\"imrelp\" port=\"" << port << "\" address=\"127.0.0.1\" ruleset=\"all\")\n"
        << "ruleset(name=\"all\") { action(type=\"omfile\" file=\"" << output << "\" template=\"parts\") }\n";
    program.emplace(
        std::vector<std::string>{kProgram, "-n", "-f", folder.file("rsyslog.conf"), "-i", folder.file("rsyslog.pid")});
  }

  // Fewer after a minute.
  [[nodiscard]] std::vector<std::string> lines(std::size_t count) const {
    const auto deadline = std::chrono::steady_clock::now() + kLong;
    std::vector<std::string> lines;
    do {
      lines = tests::split_lines(tests::read_file(output));
      std::this_thread::yield();
    } while (lines.size() < count && std::chrono::steady_clock::now() < deadline);
    return lines;
  }

  std::string output;
  std::uint16_t port = 0;
  std::optional<tests::Program> program;
};

std::string problems_of(const std::string& keys) {
  try {
    config::parse("sinks:\n  - {name: a, type: relp, " + keys + "}\n", "/f.yaml", kinds());
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("over RELP every event arrives once and in order, and is delivered when it is answered") {
  Fixture f;
  RelpServer server;
  const auto sink = f.sink(f.config(server));
  for (int first = 0; first < 5000; first += 10) sink->push(make_batch(first, 10));
  sink->stop(kLong);
  CHECK(server.wrong() == "");
  CHECK(texts(server.messages()) == event_lines(0, 5000));
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
  CHECK(texts(server.messages()) == event_lines(0, 1280));
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
  CHECK(first_texts(server.messages()) == event_lines(0, 500));
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
  sink->push(make_batch(1, 1, 5000));
  sink->push(make_batch(2, 1));
  sink->stop(kLong);
  CHECK(texts(server.messages()) == std::vector{tests::event_text(0), tests::event_text(2)});
  CHECK(sink->status().events_out == 2);
  CHECK(sink->status().events_dropped == 1);
  REQUIRE(f.losses.wait_for(1));
  CHECK(f.losses.losses().front().cause == "larger than max_size");
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
  config.address = server.address();
  config.retry = {5ms, 50ms};
  const auto sink = f.sink(config);
  sink->push(make_batch(0, 10));
  REQUIRE(wait_for_state(*sink, state));
  CHECK_THAT(sink->status().last_error, Contains(error));
  sink->stop(0ms);
  CHECK(sink->status().events_out == 0);
  CHECK(sink->status().events_dropped == 10);
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

TEST_CASE("rsyslog takes what a relp sink sends, and answers each event") {
  Fixture f;
  const Rsyslog rsyslog(f.directory);
  tests::RelpConfig config;
  config.name = "relp";
  config.address = "127.0.0.1:" + std::to_string(rsyslog.port);
  config.retry = {5ms, 50ms};
  const auto sink = f.sink(config);
  for (int first = 0; first < 1000; first += 10) sink->push(make_batch(first, 10));
  sink->push(record_batch());
  sink->stop(kLong);
  CHECK(sink->status().events_out == 1001);
  CHECK(sink->status().events_dropped == 0);
  const auto lines = rsyslog.lines(1001);
  REQUIRE(lines.size() == 1001);
  for (int i = 0; i < 1000; ++i) {
    CAPTURE(lines[static_cast<std::size_t>(i)]);
    REQUIRE(lines[static_cast<std::size_t>(i)].ends_with(tests::event_text(i)));
  }
  CHECK(lines.back() == "110|web1|nauditd|2023-11-14T22:13:21.001Z|{\"id\":\"1700000001.001:7\",\"node\":\"web1\"}");
}

TEST_CASE("a syslog message has the event's time and node, and RELP's frames are counted to the byte") {
  std::string message;
  append_syslog("{\"id\":\"1700000001.001:7\",\"node\":\"web1\"}\n", "here", message);
  CHECK(message ==
        "<110>1 2023-11-14T22:13:21.001Z web1 nauditd - - - {\"id\":\"1700000001.001:7\",\"node\":\"web1\"}");
  message.clear();
  append_syslog("text", "a host", message);
  CHECK(message == "<110>1 - a?host nauditd - - - text");
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
  CHECK_THAT(problems_of("timeout: 1s"), Contains("no 'address'"));
  CHECK_THAT(problems_of("address: x"), Contains("expected host:port"));
  CHECK_THAT(problems_of("address: 'h:1', max_size: 1KiB"), Contains("expected a size from 4KiB"));
  CHECK(problems_of("address: 'h:1', max_size: 256KiB, ack_timeout: 1m, tls: true") == "");
}

}  // namespace naudit::output
