// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "correlate/header.hpp"

#include "tests/support/catch.hpp"

namespace naudit::correlate {
namespace {

TEST_CASE("a header gives its stamp, its serial and where the body starts") {
  Header header;
  REQUIRE(parse_header("audit(1700000000.123:45): arch=1", header));
  CHECK(header.id == EventId{1700000000, 123, 45});
  CHECK(header.size == 26);
}

TEST_CASE("a header may end the record, with or without its space") {
  Header header;
  REQUIRE(parse_header("audit(1.000:2): ", header));
  CHECK(header.size == 16);
  REQUIRE(parse_header("audit(1.000:2):", header));
  CHECK(header.size == 15);
  REQUIRE(parse_header("audit(1.000:2):  path=x", header));
  CHECK(header.size == 16);
}

TEST_CASE("auditd's own record without the colon has a header") {
  Header header;
  REQUIRE(parse_header("audit(1.000:2) config changed, auid=0", header));
  CHECK(header.id == EventId{1, 0, 2});
  CHECK(header.size == 15);
}

TEST_CASE("the largest serial is one, a larger number is none") {
  Header header;
  REQUIRE(parse_header("audit(0.000:4294967295): ", header));
  CHECK(header.id.serial == 4294967295U);
  CHECK_FALSE(parse_header("audit(0.000:4294967296): ", header));
  CHECK_FALSE(parse_header("audit(0.000:42949672950): ", header));
}

TEST_CASE("what is not exactly a header is refused") {
  Header header;
  for (const char* const text : {"",
                                 "a",
                                 "audit",
                                 "audit(",
                                 "audit(1",
                                 "audit(1.",
                                 "audit(1.0:1): ",
                                 "audit(1.00:1): ",
                                 "audit(1.0000:1): ",
                                 "audit(1.000:): ",
                                 "audit(1.000:1",
                                 "audit(1.000:1)",
                                 "audit(1.000:1)x",
                                 "audit(.000:1): ",
                                 "audit(-1.000:1): ",
                                 " audit(1.000:1): ",
                                 "Audit(1.000:1): ",
                                 "audit(1,000:1): ",
                                 "audit(1.-00:1): ",
                                 "audit(1000000000000000000000.000:1): "}) {
    INFO(text);
    CHECK_FALSE(parse_header(text, header));
  }
}

TEST_CASE("an id is written with three digits of milliseconds") {
  std::string out = "x";
  append_id({5, 7, 9}, out);
  CHECK(out == "x5.007:9");
}

}  // namespace

TEST_CASE("a reader of one record after the other finds what reading each by itself finds") {
  HeaderReader reader;
  const std::string longest = "audit(" + std::string(18, '9') + ".999:4294967295): ";
  for (const std::string& text : {
           std::string("audit(1700000000.123:45): one"),
           std::string("audit(1700000000.123:45): two"),
           std::string("audit(1700000000.123:45): "),
           std::string("audit(1700000000.123:45):"),
           std::string("audit(1700000000.123:45):x"),
           std::string("audit(1700000000.123:45):  x"),
           std::string("audit(1700000000.123:45) config changed"),
           std::string("audit(1700000000.123:45"),
           std::string("audit(1700000000.123:4"),
           std::string("audit(1700000000.123:456): another"),
           std::string("audit(1700000000.123:4): another"),
           std::string("audit(1700000000.123:): none"),
           std::string("audit(1700000000.123:4294967296): too large"),
           std::string("audit(1700000000.123:7)? no colon"),
           std::string("audit(1700000000.124:7): later"),
           std::string("audit(1700000001.124:7): later"),
           std::string("audit(1700000001.124"),
           std::string(),
           std::string("no record"),
           longest + "x",
           longest + "y",
           longest,
           std::string("audit(0.000:1): small"),
       }) {
    for (int again = 0; again < 2; ++again) {
      CAPTURE(text, again);
      Header alone;
      Header in_turn;
      const bool good = parse_header(text, alone);
      REQUIRE(reader.read(text, in_turn) == good);
      if (!good) continue;
      CHECK(in_turn.id == alone.id);
      CHECK(in_turn.size == alone.size);
    }
  }
}

}  // namespace naudit::correlate
