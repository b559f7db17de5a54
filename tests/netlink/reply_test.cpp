// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "netlink/reply.hpp"

#include "tests/netlink/message.hpp"
#include "tests/support/catch.hpp"

using namespace naudit::netlink;
using namespace naudit::netlink::test;

namespace {

const audit_status& status_on_the_wire() {
  static const audit_status status = [] {
    audit_status s{};
    s.enabled = 1;
    s.failure = 2;
    s.pid = 3;
    s.rate_limit = 4;
    s.backlog_limit = 5;
    s.lost = 6;
    s.backlog = 7;
    s.feature_bitmap = 8;
    s.backlog_wait_time = 9;
    s.backlog_wait_time_actual = 10;
    return s;
  }();
  return status;
}

std::span<const std::byte> first_of_status(std::size_t size) {
  return std::as_bytes(std::span(&status_on_the_wire(), 1)).first(size);
}

}  // namespace

TEST_CASE("a reply has the length that its header says") {
  Bytes bytes = reply(AUDIT_GET, std::uint32_t{1}, 5);
  bytes.resize(bytes.size() + 3);
  const auto parsed = parse_reply(bytes);
  REQUIRE(parsed);
  CHECK(parsed->type == AUDIT_GET);
  CHECK(parsed->sequence == 5);
  CHECK(parsed->payload.size() == 4);
}

TEST_CASE("a reply that is shorter than its header says is none") {
  const Bytes bytes = reply(AUDIT_GET, std::uint32_t{1});
  for (std::size_t size = 0; size < bytes.size(); ++size) CHECK_FALSE(parse_reply(std::span(bytes).first(size)));
  CHECK_FALSE(parse_reply(message(AUDIT_GET, {}, NLMSG_HDRLEN - 1)));
}

TEST_CASE("an acknowledgement keeps a positive error, which is a result") {
  const Bytes bytes = ack(AUDIT_SET, 42, 9);
  const auto parsed = parse_ack(parse_reply(bytes).value());
  REQUIRE(parsed);
  CHECK(parsed->error == 42);
  CHECK(parsed->sequence == 9);
  CHECK(parsed->request == AUDIT_SET);
}

TEST_CASE("another reply is no acknowledgement") {
  const Bytes bytes = reply(AUDIT_GET, nlmsgerr{});
  CHECK_FALSE(parse_ack(parse_reply(bytes).value()));
}

TEST_CASE("a whole status") {
  const auto status = parse_status(first_of_status(sizeof(audit_status)));
  REQUIRE(status);
  CHECK(status->enabled == 1);
  CHECK(status->failure == 2);
  CHECK(status->pid == 3);
  CHECK(status->rate_limit == 4);
  CHECK(status->backlog_limit == 5);
  CHECK(status->lost == 6);
  CHECK(status->backlog == 7);
  CHECK(status->feature_bitmap == 8);
  CHECK(status->backlog_wait_time == 9);
  CHECK(status->backlog_wait_time_actual == 10U);
}

TEST_CASE("the shorter status of older kernels has empty members at its end") {
  const auto before_5_9 = parse_status(first_of_status(40));
  REQUIRE(before_5_9);
  CHECK(before_5_9->backlog_wait_time == 9);
  CHECK_FALSE(before_5_9->backlog_wait_time_actual);
  const auto before_3_14 = parse_status(first_of_status(32));
  REQUIRE(before_3_14);
  CHECK(before_3_14->backlog == 7);
  CHECK(before_3_14->feature_bitmap == 0);
  CHECK_FALSE(parse_status(first_of_status(31)));
}

TEST_CASE("the status of a newer kernel may be longer") {
  Bytes bytes(first_of_status(44).begin(), first_of_status(44).end());
  bytes.resize(64);
  CHECK(parse_status(bytes)->backlog_wait_time_actual == 10U);
}

TEST_CASE("features tell what is on and what is locked") {
  const audit_features wire{1, 3, 2, 2};
  const auto features = parse_features(std::as_bytes(std::span(&wire, 1)));
  REQUIRE(features);
  CHECK(features->loginuid_immutable());
  CHECK(features->loginuid_immutable_locked());
  CHECK(features->mask == 3);
  CHECK_FALSE(parse_features(std::as_bytes(std::span(&wire, 1)).first(12)));
}

TEST_CASE("the sender of a signal, with or without a security context behind it") {
  const std::uint32_t wire[] = {1000, 812, 0x61616161};
  const auto bytes = std::as_bytes(std::span(wire));
  REQUIRE(parse_signal_sender(bytes));
  CHECK(parse_signal_sender(bytes)->uid == 1000);
  CHECK(parse_signal_sender(bytes.first(8))->pid == 812);
  CHECK_FALSE(parse_signal_sender(bytes.first(7)));
}
