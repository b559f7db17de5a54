// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// What a sink over one connection has beyond tcp_sink_test.cpp: several hosts, framing, fingerprints, keepalive.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cstdio>
#include <memory>
#include <set>

#include <openssl/pem.h>
#include <openssl/x509.h>

#include "base/descriptor.hpp"
#include "output/sinks/net/network.hpp"
#include "output/sinks/registry.hpp"
#include "tests/output/sink_support.hpp"
#include "tests/output/streams/message_server.hpp"
#include "tests/output/streams/stream_support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/line_server.hpp"

namespace naudit::output {
namespace {

using Catch::Matchers::Contains;
using tests::event_lines;
using tests::LineServer;
using tests::make_batch;
using tests::MessageServer;
using tests::soon;
using namespace std::chrono_literals;

constexpr auto kLong = 30'000ms;

tests::TcpConfig tcp_config(std::vector<std::string> addresses) {
  tests::TcpConfig sink;
  sink.name = "lines";
  sink.address = std::move(addresses);
  sink.retry = {5ms, 50ms};
  return sink;
}

// An address where nobody listens.
std::string dead_address() {
  const LineServer probe;
  return probe.address();
}

std::string fingerprint_of(const std::string& file) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> opened(std::fopen(file.c_str(), "re"), std::fclose);
  const std::unique_ptr<X509, void (*)(X509*)> certificate(PEM_read_X509(opened.get(), nullptr, nullptr, nullptr),
                                                           X509_free);
  std::array<unsigned char, 32> bytes{};
  X509_digest(certificate.get(), EVP_sha256(), bytes.data(), nullptr);
  std::string text;
  for (const unsigned char byte : bytes) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    if (!text.empty()) text += ':';
    text += kDigits[byte / 16];
    text += kDigits[byte % 16];
  }
  return text;
}

}  // namespace

TEST_CASE("failover tries hosts in their order, and from the first on after one that worked") {
  HostOrder order(3, Hosts::kFailover, 1);
  CHECK(order.next() == 0);
  CHECK_FALSE(order.is_round_over());
  CHECK(order.next() == 1);
  order.worked();
  CHECK(order.next() == 0);
  CHECK(order.next() == 1);
  CHECK(order.next() == 2);
  CHECK(order.is_round_over());
  CHECK(order.next() == 0);
}

TEST_CASE("balance tries each host once a round, and begins with any of them") {
  HostOrder order(3, Hosts::kBalance, 7);
  std::set<std::size_t> first;
  for (int round = 0; round < 100; ++round) {
    std::set<std::size_t> tried;
    first.insert(*tried.insert(order.next()).first);
    tried.insert(order.next());
    tried.insert(order.next());
    REQUIRE(tried.size() == 3);
    REQUIRE(order.is_round_over());
  }
  CHECK(first.size() == 3);
}

TEST_CASE("a fingerprint is 64 hexadecimal digits, with colons between all of them or none") {
  const std::string plain(64, 'a');
  CHECK(parse_fingerprint(plain)->at(31) == 0xaa);
  CHECK(parse_fingerprint(std::string(64, 'F'))->at(0) == 0xff);
  std::string colons;
  for (int i = 0; i < 32; ++i) colons += i == 0 ? "0F" : ":0f";
  CHECK(parse_fingerprint(colons)->at(31) == 0x0f);
  for (const std::string& wrong : {std::string(), plain + "a", plain.substr(1), "g" + plain.substr(1), colons + ":",
                                   "-" + colons.substr(1), colons.substr(0, 93) + ":a", std::string(95, ':')})
    CHECK_FALSE(parse_fingerprint(wrong));
}

TEST_CASE("octet counting gives the length of each event, or of each of its lines") {
  Batch batch;
  batch.bytes = "one\ntwo\nthree\n";
  batch.ends = {4, 14};
  std::string out;
  CHECK(append_counted(batch, Message::kEvent, 0, out) == 0);
  CHECK(out == "3 one9 two\nthree");
  out.clear();
  CHECK(append_counted(batch, Message::kLine, 0, out) == 0);
  CHECK(out == "3 one3 two5 three");
  out.clear();
  CHECK(append_counted(batch, Message::kLine, 4, out) == 1);
  CHECK(out == "3 one3 two4 thre");
  out.clear();
  CHECK(append_lines(batch, 2, out) == 3);
  CHECK(out == "on\ntw\nth\n");
}

TEST_CASE("a cut never leaves a piece of a character") {
  const std::string text = "a\u00e9\u20ac";  // 1, 2 and 3 bytes
  CHECK(cut_to(text, 0) == text);
  CHECK(cut_to(text, 6) == text);
  CHECK(cut_to(text, 5) == "a\u00e9");
  CHECK(cut_to(text, 4) == "a\u00e9");
  CHECK(cut_to(text, 3) == "a\u00e9");
  CHECK(cut_to(text, 2) == "a");
  // No UTF-8 at all: cut where it was asked for.
  CHECK(cut_to(std::string(8, '\x80'), 4).size() == 4);
}

TEST_CASE("octet-counted events arrive whole and in order, also over a connection that comes later") {
  auto first = std::make_unique<MessageServer>();
  tests::TcpConfig config = tcp_config({first->address()});
  config.framing = Framing::kOctetCounted;
  Network network;
  const auto sink = make_sink(config, network, {});
  for (int number = 0; number < 2000; number += 10) sink->push(make_batch(number, 10, 300));
  REQUIRE(first->wait_for(2000));
  CHECK(first->violation().empty());
  CHECK(first->messages() == event_lines(0, 2000, 300));
  REQUIRE(soon([&] { return sink->status().events_out == 2000; }));
  const std::uint16_t port = first->server().port();
  first.reset();
  sink->push(make_batch(2000, 10));
  MessageServer second(std::nullopt, port);
  REQUIRE(second.wait_for(10));
  CHECK(second.violation().empty());
  CHECK(second.messages() == event_lines(2000, 10));
  sink->stop(kLong);
  CHECK(sink->status().events_out == 2010);
  CHECK(sink->status().events_dropped == 0);
}

TEST_CASE("of two hosts the second gets the events while the first does not answer, and that is told") {
  const std::string dead = dead_address();
  LineServer alive;
  tests::TcpConfig config = tcp_config({dead, alive.address()});
  config.retry = {1h, 1h};  // it must not wait before it tries the second
  Network network;
  const auto sink = make_sink(config, network, {});
  sink->push(make_batch(0, 10));
  REQUIRE(alive.wait_for_lines(10));
  REQUIRE(soon([&] { return sink->status().events_out == 10; }));
  CHECK(sink->status().state == "failed over");
  CHECK(sink->status().last_error == "events go to " + alive.address() + ", for those before it do not answer");
  sink->stop(kLong);
  CHECK(sink->status().events_dropped == 0);
}

TEST_CASE("after `reconnect` a sink is back at its first host, and nothing is missing") {
  std::uint16_t port = 0;
  {
    const LineServer probe;
    port = static_cast<std::uint16_t>(std::stoi(probe.address().substr(probe.address().find(':') + 1)));
  }
  LineServer second;
  tests::TcpConfig config = tcp_config({"127.0.0.1:" + std::to_string(port), second.address()});
  config.reconnect = 1ms;  // as soon as a connection counts as one that worked
  Network network;
  const auto sink = make_sink(config, network, {});
  sink->push(make_batch(0, 10));
  REQUIRE(second.wait_for_lines(10));
  LineServer::Options options;
  options.port = port;
  LineServer first(options);
  REQUIRE(first.server().wait_for_connections(1));
  sink->push(make_batch(10, 10));
  sink->stop(kLong);
  std::vector<std::string> seen = second.lines();
  // Those of the first may still be on their way when the sink has ended: its kernel has them.
  REQUIRE(soon([&] { return first.lines().size() + second.lines().size() >= 20; }));
  seen = second.lines();
  for (const std::string& line : first.lines()) seen.push_back(line);
  CHECK(seen == event_lines(0, 20));
  CHECK(sink->status().events_out == 20);
}

TEST_CASE("balanced hosts each get whole batches, one connection at a time") {
  LineServer one, two;
  tests::TcpConfig config = tcp_config({one.address(), two.address()});
  config.hosts = Hosts::kBalance;
  Network network;
  const auto sink = make_sink(config, network, {});
  sink->push(make_batch(0, 100));
  REQUIRE(soon([&] { return one.lines().size() + two.lines().size() == 100; }));
  CHECK((one.lines().empty() || two.lines().empty()));
  sink->stop(kLong);
  CHECK(sink->status().events_out == 100);
}

TEST_CASE("a certificate is taken by its fingerprint, and another one refused, by tcp and by https") {
  const tests::TempDir directory;
  const tests::Certificates certificates(directory.path());
  const tests::LoopbackServer::Tls tls{certificates.server.certificate, certificates.server.key, ""};
  const std::string right = fingerprint_of(certificates.server.certificate);
  const std::string wrong = fingerprint_of(certificates.stranger.certificate);
  LineServer::Options options;
  options.tls = tls;
  LineServer lines(options);
  tests::HttpServer posts({}, tls);
  tests::TcpConfig tcp = tcp_config({lines.address()});
  tests::HttpsConfig https;
  https.name = "posts";
  https.url = "https://" + posts.server().address() + "/in";
  https.batch.time = 1ms;
  https.retry = {5ms, 50ms};
  const auto last_error = [&](Tls wanted, const std::vector<std::string>& fingerprints) {
    wanted.enabled = true;
    wanted.fingerprints = fingerprints;
    tcp.tls = https.tls = wanted;
    std::string errors;
    for (const config::Sink& config : std::vector<config::Sink>{tcp, https}) {
      Network network;
      const auto sink = make_sink(config, network, {});
      sink->push(make_batch(0, 10));
      REQUIRE(soon([&] { return sink->status().events_out == 10 || sink->status().retries >= 2; }));
      if (sink->status().events_out == 0) errors += sink->status().last_error + '\n';
      sink->stop(0ms);
    }
    return errors;
  };
  Tls verified;
  verified.ca = certificates.authority.certificate;
  CHECK(last_error(verified, {wrong, right}).empty());
  const std::string refused = last_error(verified, {wrong});
  CHECK_THAT(refused, Contains("cannot complete the TLS handshake") &&
                          Contains("its certificate is refused: its fingerprint is none of tls.fingerprints"));
  CHECK(std::count(refused.begin(), refused.end(), '\n') == 2);  // both
  // Known by nothing else.
  Tls unverified;
  unverified.verify = false;
  CHECK(last_error(unverified, {right}).empty());
  CHECK_THAT(last_error(unverified, {wrong}), Contains("its fingerprint is none of"));
  // A fingerprint does not take the place of what else is verified.
  Tls stranger;
  stranger.ca = certificates.stranger.certificate;
  CHECK_THAT(last_error(stranger, {right}), Contains("its certificate is refused: unable to get local issuer"));
}

TEST_CASE("keepalive is set as configured, or not at all") {
  const base::Descriptor fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto value_of = [&](int level, int option) {
    int value = -1;
    socklen_t size = sizeof value;
    REQUIRE(::getsockopt(fd.get(), level, option, &value, &size) == 0);
    return value;
  };
  tune_tcp(fd.get(), {.enabled = true, .idle = 61s, .interval = 7s, .count = 5}, 12s);
  CHECK(value_of(SOL_SOCKET, SO_KEEPALIVE) == 1);
  CHECK(value_of(IPPROTO_TCP, TCP_KEEPIDLE) == 61);
  CHECK(value_of(IPPROTO_TCP, TCP_KEEPINTVL) == 7);
  CHECK(value_of(IPPROTO_TCP, TCP_KEEPCNT) == 5);
  CHECK(value_of(IPPROTO_TCP, TCP_USER_TIMEOUT) == 12'000);
  tune_tcp(fd.get(), {.enabled = false}, 12s);
  CHECK(value_of(SOL_SOCKET, SO_KEEPALIVE) == 0);
}

}  // namespace naudit::output
