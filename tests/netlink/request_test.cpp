// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "netlink/request.hpp"

#include <linux/audit.h>
#include <linux/netlink.h>

#include <string>

#include "netlink/reply.hpp"
#include "tests/support/catch.hpp"

using namespace naudit::netlink;

namespace {

std::string hex(std::span<const std::byte> bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::byte b : bytes) {
    text += kDigits[std::to_integer<unsigned>(b) >> 4U];
    text += kDigits[std::to_integer<unsigned>(b) & 15U];
  }
  return text;
}

// As the kernel sees it: the payload of the encoded message, with its padding.
std::string payload(const Request& request) {
  const Bytes message = encode(request, 7);
  return hex(parse_reply(message).value().payload);
}

std::string zeros(std::size_t bytes) {
  return std::string(2 * bytes, '0');
}

}  // namespace

TEST_CASE("a request asks for an acknowledgement and carries its sequence number and whole length") {
  const Bytes message = encode(status_request(), 0x01020304);
  CHECK(hex(message) ==
        "10000000"
        "e803"
        "0500"
        "04030201"
        "00000000");
}

TEST_CASE("the payload is padded with zeros to a multiple of four, which counts") {
  CHECK(payload(user_message_request(AUDIT_USER, "hello")) == "68656c6c6f000000");
  CHECK(payload(user_message_request(AUDIT_USER, "hel")) == "68656c00");
}

TEST_CASE("requests without a payload") {
  for (const Request& request : {status_request(), list_rules_request(), trim_request(), signal_sender_request()})
    CHECK(request.payload.empty());
  CHECK(status_request().type == 1000);
  CHECK(list_rules_request().type == 1013);
  CHECK(trim_request().type == 1014);
  CHECK(signal_sender_request().type == 1010);
}

TEST_CASE("each change is a request of its own, enabled last because 2 locks the others") {
  StatusChange change;
  change.enabled = 2;
  change.failure = 1;
  change.rate_limit = 5;
  change.backlog_limit = 1000;
  change.backlog_wait_time = 100;
  const auto requests = change_requests(change);
  REQUIRE(requests.size() == 5);
  CHECK(requests[0].type == 1001);
  CHECK(payload(requests[0]) ==
        "0200000000000000"
        "01000000" +
            zeros(32));
  CHECK(payload(requests[1]) == "08000000" + zeros(12) + "05000000" + zeros(24));
  CHECK(payload(requests[2]) == "10000000" + zeros(16) + "e8030000" + zeros(20));
  CHECK(payload(requests[3]) == "20000000" + zeros(32) + "64000000" + zeros(4));
  CHECK(payload(requests[4]) ==
        "01000000"
        "02000000" +
            zeros(36));
}

TEST_CASE("a change of nothing is no request, a change to zero is one") {
  CHECK(change_requests({}).empty());
  StatusChange change;
  change.rate_limit = 0;
  CHECK(change_requests(change).size() == 1);
}

TEST_CASE("the resets carry their own mask alone") {
  CHECK(payload(reset_lost_request()) == "40000000" + zeros(40));
  CHECK(payload(reset_backlog_wait_time_actual_request()) == "80000000" + zeros(40));
}

TEST_CASE("registering carries the pid") {
  CHECK(payload(set_pid_request(0x0102)) == "04000000" + zeros(8) + "02010000" + zeros(28));
}

TEST_CASE("features are asked for and set as auditctl does it") {
  CHECK(payload(features_request()) == zeros(16));
  CHECK(loginuid_immutable_request().type == 1018);
  CHECK(payload(loginuid_immutable_request()) ==
        "00000000"
        "02000000"
        "02000000"
        "02000000");
}

TEST_CASE("an equivalence carries both lengths and both paths without NULs") {
  CHECK(make_equivalent_request("/mnt", "/home").type == 1015);
  CHECK(payload(make_equivalent_request("/mnt", "/home")) ==
        "0400000005000000"
        "2f6d6e742f686f6d65"
        "000000");
}

TEST_CASE("rules go out as they are") {
  const Bytes rule(1040, std::byte{0x5a});
  CHECK(add_rule_request(rule).type == 1011);
  CHECK(delete_rule_request(rule).type == 1012);
  CHECK(add_rule_request(rule).payload == rule);
  CHECK(delete_rule_request(rule).payload == rule);
}
