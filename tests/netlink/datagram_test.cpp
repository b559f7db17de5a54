// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "netlink/datagram.hpp"

#include <initializer_list>
#include <string>

#include "tests/netlink/message.hpp"
#include "tests/support/catch.hpp"

using namespace naudit::netlink;
using namespace naudit::netlink::test;

namespace {

constexpr std::string_view kText = "audit(1700000000.123:45): cwd=\"/root\"";

Classified classify_bytes(const Bytes& bytes) {
  return classify({bytes});
}

}  // namespace

TEST_CASE("a unicast record is as long as what was received, not as its header says") {
  const Bytes bytes = unicast(AUDIT_CWD, kText);
  const Classified result = classify_bytes(bytes);
  REQUIRE(result.content == Content::kRecord);
  CHECK(result.record.type == AUDIT_CWD);
  CHECK(result.record.text == kText);
}

TEST_CASE("a multicast copy of a record gives the same record") {
  const Bytes bytes = multicast(AUDIT_CWD, kText);
  const Classified result = classify_bytes(bytes);
  REQUIRE(result.content == Content::kRecord);
  CHECK(result.record.text == kText);
}

TEST_CASE("NULs and newlines at the end of a record's text are cut, those inside stay") {
  const std::string inside("a\0b\nc", 5);
  for (const std::string& end : {std::string{"\0", 1}, std::string{"\n"}, std::string{"\n\0\0", 3}}) {
    const Bytes bytes = unicast(AUDIT_USER, inside + end);
    CHECK(classify_bytes(bytes).record.text == inside);
  }
}

TEST_CASE("a record may be empty") {
  const Bytes bytes = unicast(AUDIT_EOE, "");
  const Classified result = classify_bytes(bytes);
  CHECK(result.content == Content::kRecord);
  CHECK(result.record.text.empty());
}

TEST_CASE("types 1005, 1006 and all from 1100 on are records, known or not") {
  for (const std::uint16_t type :
       std::initializer_list<std::uint16_t>{1005, 1006, 1100, 1199, 1300, 1328, 1330, 1425, 2999, 65535}) {
    const Bytes bytes = unicast(type, kText);
    CHECK(classify_bytes(bytes).content == Content::kRecord);
  }
}

TEST_CASE("control messages are not records") {
  for (const std::uint16_t type :
       std::initializer_list<std::uint16_t>{0, 1, 3, 999, 1000, 1001, 1004, 1007, 1010, 1013, 1019, 1099}) {
    const Bytes bytes = multicast(type, kText);
    CHECK(classify_bytes(bytes).content == Content::kReply);
  }
}

TEST_CASE("the answer to a registration carries the request and the error") {
  const Bytes bytes = ack(AUDIT_SET, -17);
  const Classified result = classify_bytes(bytes);
  REQUIRE(result.content == Content::kAck);
  CHECK(result.ack.request == AUDIT_SET);
  CHECK(result.ack.error == -17);
}

TEST_CASE("a probe tells whose registration it is for") {
  const Bytes bytes = reply(AUDIT_REPLACE, std::uint32_t{812});
  const Classified result = classify_bytes(bytes);
  REQUIRE(result.content == Content::kReplace);
  CHECK(result.pid == 812);
}

TEST_CASE("a probe or an answer that is cut short is just a reply") {
  CHECK(classify_bytes(message(AUDIT_REPLACE, {}, NLMSG_HDRLEN)).content == Content::kReply);
  CHECK(classify_bytes(message(NLMSG_ERROR, {}, NLMSG_HDRLEN)).content == Content::kReply);
  CHECK(classify_bytes(message(NLMSG_ERROR, {}, 4096)).content == Content::kReply);
}

TEST_CASE("only the kernel's datagrams count") {
  const Bytes bytes = unicast(AUDIT_CWD, kText);
  CHECK(classify({bytes, 4711, false}).content == Content::kForeign);
  CHECK(classify({bytes, 4711, true}).content == Content::kForeign);
}

TEST_CASE("a datagram that did not fit is not half a record") {
  const Bytes bytes = unicast(AUDIT_CWD, kText);
  CHECK(classify({bytes, 0, true}).content == Content::kTruncated);
}

TEST_CASE("fewer bytes than a header are too short, whatever they say") {
  const Bytes bytes = unicast(AUDIT_CWD, kText);
  for (std::size_t size = 0; size < NLMSG_HDRLEN; ++size)
    CHECK(classify({std::span(bytes).first(size)}).content == Content::kShort);
}
