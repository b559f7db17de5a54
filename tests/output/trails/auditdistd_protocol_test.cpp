// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <algorithm>

#include "base/hex.hpp"
#include "output/sinks/auditdistd/options.hpp"
#include "output/sinks/auditdistd/protocol.hpp"
#include "tests/output/brokers/broker_support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::output {
namespace {

using Catch::Matchers::Contains;
using namespace std::string_literals;

std::string hex(const std::string& bytes) {
  std::string text;
  base::append_hex(text, bytes);
  return text;
}

std::string bytes_from_zero() {
  std::string bytes;
  for (int i = 0; i < 32; ++i) bytes += static_cast<char>(i);
  return bytes;
}

constexpr DistChallenge kOurs = {1, 2, 3};
std::string ours() {
  return {reinterpret_cast<const char*>(kOurs.data()), kOurs.size()};
}

std::string resume(const std::string& name, std::uint64_t offset) {
  std::string bytes;
  for (unsigned i = 0; i < 8; ++i) bytes += static_cast<char>(offset >> (8 * i) & 0xFFU);
  return bytes + name + std::string(256 - name.size(), '\0');
}

// What a right receiver sends, up to its first acknowledgement.
std::string conversation(const std::string& name, std::uint64_t offset) {
  return "ADIST00\0"s + bytes_from_zero() + dist_response("s3cret", ours()) + resume(name, offset) +
         "\1\1\0\0\0\0\0\0\0\0\0"s + "\2\0\0\0\0\0\0\0\2\0\7"s;
}

}  // namespace

TEST_CASE("auditdistd's packets and responses are those of its specification") {
  std::string packet;
  append_dist_packet(DistCommand::kKeepalive, 1, "", packet);
  CHECK(hex(packet) == "0104010000000000000000000000");
  packet.clear();
  append_dist_packet(DistCommand::kAppend, 0x0102030405060708, "abc", packet);
  CHECK(hex(packet) == "0102080706050403020103000000616263");
  packet.clear();
  append_dist_packet(DistCommand::kOpen, 2, TrailName::open("20160802114433"), packet);
  CHECK(packet == "\1\1\2\0\0\0\0\0\0\0\36\0\0\0"s + "20160802114433.not_terminated\0"s);
  CHECK(hex(dist_response("s3cret", bytes_from_zero())) ==
        "336266FE4A9C85BAD2B0189849D662FD93934CA115F67B8D98D972BAE8CD3082");
  CHECK(DistSession::greeting() == "ADIST00\0"s);
}

TEST_CASE("the handshake proves the password to both, and tells where to go on, however it is cut") {
  const std::string all = conversation("20160802114433.not_terminated", 0x0102030405);
  for (const std::size_t step : {std::size_t{1}, std::size_t{5}, std::size_t{100}, all.size()}) {
    DistSession session("web1", "s3cret", kOurs);
    std::vector<DistStep> steps;
    for (std::size_t at = 0; at < all.size(); at += step) {
      session.feed(std::string_view(all).substr(at, step));
      while (auto next = session.next()) steps.push_back(*std::move(next));
    }
    REQUIRE(session.failure().empty());
    REQUIRE(steps.size() == 5);
    CHECK(steps[0].bytes == "web1" + std::string(252, '\0'));
    CHECK(steps[1].bytes == dist_response("s3cret", bytes_from_zero()) + ours());
    CHECK(steps[2].kind == DistStep::Kind::kReady);
    CHECK(steps[2].resume.trail->text() == "20160802114433.not_terminated");
    CHECK(steps[2].resume.offset == 0x0102030405);
    CHECK(steps[3].ack.sequence == 1);
    CHECK(steps[3].ack.error == 0);
    CHECK(steps[4].ack.sequence == 2);
    CHECK(steps[4].ack.error == 7);
  }
}

TEST_CASE("whoever is no auditdistd, or does not know the password, gets no trail") {
  const auto failure_of = [](const std::string& bytes) {
    DistSession session("web1", "s3cret", kOurs);
    session.feed(bytes);
    while (const auto step = session.next()) CHECK(step->kind != DistStep::Kind::kReady);
    return session.failure();
  };
  const std::string begin = "ADIST00\0"s + bytes_from_zero(), right = begin + dist_response("s3cret", ours());
  CHECK_THAT(failure_of("HTTP/1.1"), Contains("is no auditdistd"));
  CHECK_THAT(failure_of("ADIST01\0"s), Contains("another version"));
  CHECK_THAT(failure_of(begin + std::string(32, 'x')), Contains("does not know the password"));
  CHECK_THAT(failure_of("ADIST00\0"s + ours()), Contains("our own challenge"));
  CHECK_THAT(failure_of(right + resume("../../etc/passwd", 1)), Contains("a trail that is none"));
  CHECK_THAT(failure_of(right + resume("", 1)), Contains("does not name"));
  CHECK(failure_of(begin).empty());
}

TEST_CASE("the receiver of trails is named as auditdistd.conf names it") {
  CHECK(parse_dist_remote("tls://bsd.example:7879") == DistRemote{true, {"bsd.example", 7879}});
  CHECK(parse_dist_remote("tcp://10.0.0.1") == DistRemote{false, {"10.0.0.1", 7878}});
  CHECK(parse_dist_remote("bsd.example") == DistRemote{true, {"bsd.example", 7878}});
  CHECK(parse_dist_remote("tls://[2001:db8::1]:7878") == DistRemote{true, {"2001:db8::1", 7878}});
  for (const char* none : {"", "tls://", "udp://a:1", "tls://a:0", "tls://a/b", "https://a"})
    CHECK_FALSE(parse_dist_remote(none));
  const std::string keys = "directory: /d, password_file: /p, ";
  const std::string pin = "fingerprint: \"SHA256=" + std::string(64, 'a') + "\"";
  CHECK(tests::problems_of("auditdistd", keys + "remote: tls://a, " + pin) == "");
  CHECK(tests::problems_of("auditdistd", keys + "remote: tcp://a") == "");
  CHECK_THAT(tests::problems_of("auditdistd", keys + "remote: tls://a"),
             Contains("nothing else says who the receiver is"));
  CHECK_THAT(tests::problems_of("auditdistd", keys + "remote: tcp://a, " + pin), Contains("no meaning over tcp"));
  CHECK_THAT(tests::problems_of("auditdistd", keys + "remote: tls://a, fingerprint: \"SHA1=ab\""),
             Contains("64 hexadecimal digits"));
  CHECK_THAT(tests::problems_of("auditdistd", keys + "remote: ftp://a"), Contains("expected tls://host:port"));
  CHECK_THAT(tests::problems_of("auditdistd", keys + "remote: tcp://a, limit: 100MiB"), Contains("at least twice"));
}

}  // namespace naudit::output
