// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/record/token_repeat.hpp"

#include <string>
#include <tuple>

#include "tests/support/catch.hpp"
#include "tests/support/token_compare.hpp"

namespace naudit::interpret {
namespace {

// One after the other through one TokenRepeat, each compared with what it gives alone.
void check(const std::vector<std::string>& bodies) {
  TokenRepeat repeat;
  for (const std::string& body : bodies) {
    INFO(body);
    CHECK(tests::same_tokens(repeat, body));
    CHECK(tests::same_tokens(repeat, body));
  }
}

const std::string kEnd = " items=1 ppid=1 pid=2 auid=0 uid=0 comm=\"a\" exe=\"/a\" key=\"k\"";

TEST_CASE("a record whose end repeats is taken apart as it would be alone") {
  check({"arch=c000003e syscall=2 success=yes exit=3" + kEnd, "arch=c000003e syscall=257 success=no exit=-13" + kEnd,
         "arch=c000003e syscall=257 success=no exit=-13 items=0 ppid=1 pid=2 auid=0 uid=0 comm=\"a\" exe=\"/a\" "
         "key=\"k\"",
         kEnd.substr(1), "x=1" + kEnd, ""});
}

TEST_CASE("the enriched tail is that of the record") {
  const std::string tail =
      "\x1d"
      "AUID=\"root\" UID=\"root\"";
  check({"syscall=2 exit=3" + kEnd + tail, "syscall=3 exit=4" + kEnd + tail, "syscall=4 exit=4" + kEnd,
         "syscall=4 exit=4" + kEnd + tail + "x", "syscall=2\x1d exit=3" + kEnd + tail});
}

TEST_CASE("a name that nothing marks is one or none by the record that it stands in") {
  for (const char* const last : {" UID=\"root\"", " x=UID=r", "UID=r", "#035UID=\"root\""}) {
    const std::string end = " a=1 b=2 c=3 d=4 e=5" + std::string(last);
    check({"xid=0" + end, "uid=0" + end, "xid=1" + end, "uid=1" + end});
  }
}

TEST_CASE("a live record after a stored one has no tail") {
  TokenRepeat repeat;
  const std::string body = "syscall=2 exit=3" + kEnd + "\x1dUID=\"root\"";
  for (const auto source : {correlate::Source::kStored, correlate::Source::kLive, correlate::Source::kStored}) {
    CHECK(tests::same_tokens(repeat, body, source));
    CHECK(tests::same_tokens(repeat, body, source));
  }
}

TEST_CASE("a front that reaches into the end changes what the end is") {
  for (const char* front :
       {"name=\"x", "name=\"", "x={ a", "x={a b", "msg='a=b", "msg='a", "a= ", "a ", "old", "new", "=", "a=b  ",
        "avc:  denied  { read", "avc:  denied  { read } for  a=b", "a=\"b\"c", "a=\"", "a={"})
    check({"syscall=2 exit=3" + kEnd, front + kEnd, "syscall=2 exit=3" + kEnd});
  check({"a=1 b=2 c=\"}\" d=4 e=5 f=6 g=7", "x={ b=2 c=\"}\" d=4 e=5 f=6 g=7", "x=\" b=2 c=\"}\" d=4 e=5 f=6 g=7"});
  check({"a=1 b=2 c='x' d=4 e=5 f=6 g=7'", "msg='x b=2 c='x' d=4 e=5 f=6 g=7'"});
}

TEST_CASE("a field that only ends like another is another") {
  check({"a=1 ppid=1 b=2 c=3 d=4 e=5 f=6", "a=1 xppid=1 b=2 c=3 d=4 e=5 f=6", "pid=1 b=2 c=3 d=4 e=5 f=6"});
}

}  // namespace
}  // namespace naudit::interpret
