// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <algorithm>
#include <thread>

#include "base/error.hpp"
#include "config/loader.hpp"
#include "output/sinks/forward/messages.hpp"
#include "output/sinks/forward/sink.hpp"
#include "output/sinks/kinds.hpp"
#include "output/sinks/sink_files.hpp"
#include "tests/output/brokers/broker_support.hpp"
#include "tests/output/sink_support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/forward_server.hpp"

namespace naudit::output {
namespace {

using Catch::Matchers::Contains;
using tests::batch_of;
using tests::ForwardServer;
using tests::make_batch;
using tests::problems_of;
using tests::wait_for_state;
using namespace std::chrono_literals;

constexpr auto kLong = 60'000ms;

struct Fixture {
  tests::ForwardConfig config(const ForwardServer& server) {
    tests::ForwardConfig config;
    config.name = "fluent";
    config.address = {server.address()};
    config.retry = {5ms, 50ms};
    return config;
  }
  // With the key of the server, or another one.
  tests::ForwardConfig keyed(const ForwardServer& server, const std::string& key, const std::string& password = "") {
    tests::ForwardConfig wanted = config(server);
    wanted.shared_key_file = directory.file("key");
    tests::write_file(wanted.shared_key_file, key + "\n", std::filesystem::perms{0600});
    if (password.empty()) return wanted;
    wanted.user = "jo";
    wanted.password_file = directory.file("password");
    tests::write_file(wanted.password_file, password + "\n", std::filesystem::perms{0600});
    return wanted;
  }
  std::unique_ptr<Sink> sink(const config::Sink& config) {
    return make_forward_sink(config, network, losses.handler(), 1);
  }

  tests::TempDir directory;
  Network network;
  tests::LossLog losses;
};

std::vector<std::string> records(int first, int count) {
  std::vector<std::string> records;
  for (int i = first; i < first + count; ++i) records.push_back("{\"event\":" + std::to_string(i) + ",\"pad\":\"\"}");
  return records;
}

std::vector<std::string> records_of(const ForwardServer& server) {
  std::vector<std::string> records;
  for (const auto& event : server.events()) records.push_back(event.record);
  return records;
}

}  // namespace

TEST_CASE("over the forward protocol every event arrives once and in order, packed or not") {
  const auto compression = GENERATE(ForwardCompression::kNone, ForwardCompression::kGzip);
  Fixture f;
  ForwardServer server;
  tests::ForwardConfig config = f.config(server);
  config.compression = compression;
  config.chunk = 16 * config::kKiB;
  const auto sink = f.sink(config);
  for (int first = 0; first < 5000; first += 10) sink->push(make_batch(first, 10));
  REQUIRE(server.wait_for_events(5000));
  sink->stop(kLong);
  CHECK(server.wrong() == "");
  CHECK(records_of(server) == records(0, 5000));
  const SinkStatus status = sink->status();
  CHECK(status.events_out == 5000);
  CHECK(status.events_dropped == 0);
  CHECK(status.queue_bytes == 0);
  CHECK(status.last_error.empty());
  CHECK(server.server().connections() == 1);
}

TEST_CASE("a record is the event's JSON with its time, and of another format its text") {
  Fixture f;
  ForwardServer server;
  const auto sink = f.sink(f.config(server));
  sink->push(
      batch_of("{\"id\":\"1700000001.001:7\",\"node\":\"web1\",\"n\":[-1,18446744073709551615,true,null,\"a\\u0001b\"],"
               "\"m\":{\"x\":{}}}\n"));
  sink->push(
      batch_of("node=web2 type=SYSCALL msg=audit(1700000002.500:8): a=1\ntype=CWD msg=audit(1700000002.500:8): x\n"));
  REQUIRE(server.wait_for_events(2));
  sink->stop(kLong);
  const auto events = server.events();
  REQUIRE(events.size() == 2);
  CHECK(events[0].tag == "naudit");
  CHECK(events[0].seconds == 1'700'000'001);
  CHECK(events[0].nanoseconds == 1'000'000);
  CHECK(events[0].record ==
        "{\"id\":\"1700000001.001:7\",\"node\":\"web1\",\"n\":[-1,18446744073709551615,true,null,\"a\\u0001b\"],\"m\":{"
        "\"x\":{}}}");
  CHECK(events[1].seconds == 1'700'000'002);
  CHECK(events[1].nanoseconds == 500'000'000);
  CHECK(
      events[1].record ==
      "{\"message\":\"node=web2 type=SYSCALL msg=audit(1700000002.500:8): a=1\\ntype=CWD msg=audit(1700000002.500:8): "
      "x\",\"id\":\"1700000002.500:8\",\"node\":\"web2\"}");
}

TEST_CASE("a chunk that is not acknowledged is sent again as it was, and is delivered once it is") {
  Fixture f;
  ForwardServer::Options options;
  options.no_acks = 3;
  ForwardServer server(options);
  const auto sink = f.sink(f.config(server));
  sink->push(make_batch(0, 10));
  REQUIRE(server.wait_for_events(10));
  sink->stop(kLong);
  CHECK(records_of(server) == records(0, 10));
  const auto chunks = server.chunks();
  REQUIRE(chunks.size() == 4);
  CHECK(std::ranges::count(chunks, chunks[0]) == 4);
  CHECK(sink->status().events_out == 10);
  CHECK(sink->status().retries == 3);
}

TEST_CASE("of several forward servers the next one gets the chunk that the first has not acknowledged") {
  Fixture f;
  ForwardServer::Options options;
  options.no_acks = 1'000'000;
  ForwardServer first(options), second;
  tests::ForwardConfig config = f.config(first);
  config.address.push_back(second.address());
  const auto sink = f.sink(config);
  sink->push(make_batch(0, 10));
  REQUIRE(second.wait_for_events(10));
  REQUIRE(wait_for_state(*sink, "failed over"));
  sink->stop(kLong);
  CHECK(records_of(second) == records(0, 10));
  CHECK(first.chunks().front() == second.chunks().front());
  CHECK(sink->status().events_out == 10);
}

TEST_CASE("a connection that is as old as it may be is given up for another one, and no event is missing") {
  Fixture f;
  ForwardServer server;
  tests::ForwardConfig config = f.config(server);
  config.reconnect = 1ms;
  const auto sink = f.sink(config);
  int sent = 0;
  while (server.server().connections() < 3) {
    sink->push(make_batch(sent, 1));
    ++sent;
    REQUIRE(server.wait_for_events(static_cast<std::size_t>(sent)));
  }
  sink->stop(kLong);
  CHECK(records_of(server) == records(0, sent));
  CHECK(sink->status().retries == 0);
  CHECK(sink->status().last_error.empty());
}

TEST_CASE("an acknowledgement that does not come ends the connection, and nothing counts as delivered") {
  Fixture f;
  ForwardServer::Options options;
  options.silent = true;
  ForwardServer server(options);
  tests::ForwardConfig config = f.config(server);
  config.ack_timeout = 20ms;
  const auto sink = f.sink(config);
  sink->push(make_batch(0, 10));
  REQUIRE(server.server().wait_for_connections(3));
  CHECK_THAT(sink->status().last_error, Contains("has not acknowledged a chunk within 20ms"));
  CHECK(sink->status().queue_events == 10);
  sink->stop(0ms);
  CHECK(sink->status().events_out == 0);
  CHECK(sink->status().events_dropped == 10);
}

TEST_CASE("with a shared key both sides prove that they know it, and a user its password") {
  const bool with_user = GENERATE(false, true);
  CAPTURE(with_user);
  Fixture f;
  ForwardServer::Options options;
  options.shared_key = "geheim";
  if (with_user) {
    options.user = "jo";
    options.password = "pass word";
  }
  ForwardServer server(options);
  const auto sink = f.sink(f.keyed(server, "geheim", with_user ? "pass word" : ""));
  sink->push(make_batch(0, 10));
  REQUIRE(server.wait_for_events(10));
  sink->stop(kLong);
  CHECK(server.wrong() == "");
  CHECK(records_of(server) == records(0, 10));
}

TEST_CASE("a login that is refused, or a server that cannot prove itself, gets no event and is told") {
  Fixture f;
  ForwardServer::Options options;
  options.shared_key = "geheim";
  std::string key = "geheim", password, wanted;
  SECTION("another key") {
    key = "falsch";
    wanted = "shared_key mismatch";
  }
  SECTION("another password") {
    options.user = "jo";
    options.password = "richtig";
    password = "falsch";
    wanted = "username/password mismatch";
  }
  SECTION("no user where one is asked for") {
    options.user = "jo";
    wanted = "asks for a user";
  }
  SECTION("a server with another key") {
    options.own_key = "falsch";
    wanted = "does not know the shared key";
  }
  ForwardServer server(options);
  const auto sink = f.sink(f.keyed(server, key, password));
  sink->push(make_batch(0, 10));
  REQUIRE(wait_for_state(*sink, "login refused"));
  CHECK_THAT(sink->status().last_error, Contains(wanted) && !Contains("geheim") && !Contains("falsch"));
  sink->stop(0ms);
  CHECK(server.chunks().empty());
  CHECK(sink->status().events_dropped == 10);
}

TEST_CASE("a server that asks for a key that we have not, or says something else, is told") {
  Fixture f;
  ForwardServer::Options options;
  std::string wanted;
  SECTION("a handshake") {
    options.shared_key = "geheim";
    wanted = "asks for a shared key";
  }
  SECTION("HTTP") {
    options.says = "HTTP/1.1 400 Bad Request\r\n\r\n";
    options.silent = true;
    wanted = "no reply of the forward protocol";
  }
  SECTION("an acknowledgement of nothing") {
    options.says =
        "\x81\xa3"
        "ack\xa1"
        "x";
    options.silent = true;
    wanted = "what it was not sent";
  }
  ForwardServer server(options);
  const auto sink = f.sink(f.config(server));
  REQUIRE(server.server().wait_for_connections(2));
  CHECK_THAT(sink->status().last_error, Contains(wanted));
  sink->stop(0ms);
}

TEST_CASE("over TLS the forward protocol needs a certificate that is trusted") {
  Fixture f;
  const tests::Certificates certificates(f.directory.file("."));
  ForwardServer::Options options;
  options.tls = tests::LoopbackServer::Tls{certificates.server.certificate, certificates.server.key, {}};
  ForwardServer server(options);
  tests::ForwardConfig config = f.config(server);
  config.tls.enabled = true;
  config.tls.ca = certificates.authority.certificate;
  const auto sink = f.sink(config);
  sink->push(make_batch(0, 10));
  REQUIRE(server.wait_for_events(10));
  sink->stop(kLong);
  config.tls.ca = certificates.stranger.certificate;
  const auto other = f.sink(config);
  REQUIRE(wait_for_state(*other, "disconnected"));
  CHECK_THAT(other->status().last_error, Contains("certificate is refused"));
}

TEST_CASE("replies of the forward protocol are read however they are cut, and nothing else is") {
  constexpr char kReplies[] =
      "\x92\xa4HELO\x82\xa5nonce\xc4\x02\x00\xff\xa4"
      "auth\xa0\x95\xa4PONG\xc3\xa0\xa1h\xa1"
      "d\x81\xa3"
      "ack\xa1"
      "1";
  const std::string text(kReplies, sizeof kReplies - 1);
  ForwardReader whole;
  whole.feed(text);
  ForwardReader cut;
  std::vector<ForwardReply> replies;
  for (const char byte : text) {
    cut.feed({&byte, 1});
    while (const auto reply = cut.next()) replies.push_back(*reply);
  }
  REQUIRE(replies.size() == 3);
  CHECK(replies[0].helo.nonce == std::string("\0\xff", 2));
  CHECK(replies[1].pong.accepted);
  CHECK(replies[1].pong.host_name == "h");
  CHECK(replies[2].ack == "1");
  for (const ForwardReply& reply : replies) CHECK(whole.next()->kind == reply.kind);
  CHECK_FALSE(whole.next().has_value());
  CHECK_FALSE(whole.failed());
  for (const std::string& wrong :
       {std::string("\xc1"), std::string("\x01"), std::string("\x80"), std::string("\xdd\xff\xff\xff\xff"),
        std::string(70'000, '\x91'), "\xdb\x7f\xff\xff\xff" + std::string(70'000, 'x')}) {
    ForwardReader reader;
    reader.feed(wrong);
    CHECK_FALSE(reader.next().has_value());
    CHECK(reader.failed());
  }
}

TEST_CASE("what a forward sink cannot be is refused in words that say what to do") {
  CHECK_THAT(problems_of("forward", "tag: x"), Contains("no 'address'"));
  CHECK_THAT(problems_of("forward", "address: x"), Contains("expected host:port"));
  CHECK_THAT(problems_of("forward", "address: 'h:1', tag: 'a b'"), Contains("expected a tag"));
  CHECK_THAT(problems_of("forward", "address: 'h:1', user: jo"), Contains("`password_file` is missing"));
  CHECK_THAT(problems_of("forward", "address: 'h:1', user: jo, password_file: /p"),
             Contains("`shared_key_file` is missing"));
  CHECK_THAT(problems_of("forward", "address: 'h:1', chunk: 16MiB, queue: {size: 8MiB}"),
             Contains("never fits into the queue"));
  CHECK(problems_of("forward", "address: 'h:1', tag: audit.web, compression: gzip, ack_timeout: 1m") == "");
  Fixture f;
  ForwardServer server;
  tests::ForwardConfig config = f.config(server);
  config.shared_key_file = "/nowhere/key";
  CHECK_THROWS_WITH(f.sink(config), Contains("sink 'fluent': shared_key_file: /nowhere/key cannot be read"));
  CHECK_THROWS_WITH(check_read_files(config), Contains("shared_key_file: /nowhere/key cannot be read"));
}

}  // namespace naudit::output
