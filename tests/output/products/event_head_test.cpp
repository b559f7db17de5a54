// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/http/event_head.hpp"

#include "tests/output/products/product_support.hpp"

namespace naudit::output {

TEST_CASE("the head of a JSON event is what stands before its first object") {
  const std::string text = tests::product_event(12);
  const EventHead head = read_event_head(text);
  CHECK(head.id == "1700000000.012:12");
  CHECK(head.time == "2023-11-14T22:13:20.012Z");
  CHECK(head.node == "web1");
  CHECK(head.action == "opened-file");
  CHECK(head.kind == "audit-rule");
  CHECK(head.outcome == "success");
  CHECK(head.keys == "\"k1\",\"k2\"");
  CHECK(head.millis == 1'700'000'000'012);
  CHECK(head.whole);
  CHECK(head.is_object);
  CHECK_FALSE(head.has_timestamp);
  CHECK(head.pid == "7");
  CHECK(read_event_head(R"({"records":{"id":"7"},"id":"8"})").id.empty());
  const EventHead more = read_event_head(
      R"({"subject":{"id":"7","auid":1000,"x":{"pid":9},"l":[1,"]"],"pid":8},"object":{"how":"y","n":[{"a":"}"}]},"how":"/x"})");
  CHECK(more.id.empty());
  CHECK(more.auid == "1000");
  CHECK(more.pid == "8");
  CHECK(more.exe == "/x");
}

TEST_CASE("an event that is late or incomplete is not whole") {
  CHECK_FALSE(read_event_head(R"({"complete":false,"incomplete_reason":"timeout","keys":[]})").whole);
  CHECK_FALSE(read_event_head(R"({"complete":true,"late":true})").whole);
}

TEST_CASE("escapes, blanks and other formats of JSON do not confuse the reader of a head") {
  const EventHead head = read_event_head(
      R"( {"@timestamp" : "2023-11-14T22:13:20Z", "node" : "a\"b\\", "keys":["]","\"]"],"action":"x"})");
  CHECK_FALSE(head.is_object);
  const EventHead other =
      read_event_head(R"({"@timestamp" : "2023-11-14T22:13:20Z", "node" : "a\"b\\", "keys":["]","\"]"],"action":"x"})");
  CHECK(other.has_timestamp);
  CHECK(other.node == R"(a\"b\\)");
  CHECK(other.keys == R"("]","\"]")");
  CHECK(other.action == "x");
  CHECK(other.millis == 1'700'000'000'000);
}

TEST_CASE("records and sentences have heads, too") {
  const EventHead raw = read_event_head("node=web1 type=SYSCALL msg=audit(1700000001.001:9): arch=c000003e\ntype=CWD");
  CHECK(raw.node == "web1");
  CHECK(raw.id == "1700000001.001:9");
  CHECK(raw.millis == 1'700'000'001'001);
  const EventHead line = read_event_head("2023-11-14 22:13:20.123Z jo opened /etc/shadow #45");
  CHECK(line.time == "2023-11-14 22:13:20.123Z");
  CHECK(line.millis == 1'700'000'000'123);
  CHECK_FALSE(read_event_head("nothing").millis);
  CHECK_FALSE(read_event_head("").millis);
}

TEST_CASE("a time is read whole or not at all") {
  CHECK(parse_utc_millis("1970-01-01T00:00:00Z") == 0);
  CHECK(parse_utc_millis("1970-01-01T00:00:00.5Z") == 500);
  CHECK(parse_utc_millis("1970-01-01T00:00:00.123456Z") == 123);
  for (const char* wrong : {"1969-12-31T23:59:59Z", "1970-02-30T00:00:00Z", "1970-01-01T24:00:00Z",
                            "1970-01-01T00:00:00", "1970-01-01T00:00:00.Z", "1970-01-01T00:00:00+01:00", ""})
    CHECK_FALSE(parse_utc_millis(wrong));
}

}  // namespace naudit::output
