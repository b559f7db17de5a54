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
  tests::Repeated repeat;
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
  tests::Repeated repeat;
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

const std::string kCall =
    "arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=7ffd a2=0 a3=0 items=1 ppid=900 pid=1000 auid=0 uid=0 "
    "comm=\"cat\" exe=\"/usr/bin/cat\" key=";

TEST_CASE("a record of which some values change, of any size, is taken apart as it would be alone") {
  for (const char* const key : {"\"access\"", "(null)", "6163636573730174776F", "\"a b\"", "", "x=Y", "a}", "#035"}) {
    const auto with = [&](std::string_view from, std::string_view to) {
      std::string body = kCall + key;
      body.replace(body.find(from), from.size(), to);
      return body;
    };
    check({kCall + key,
           with("exit=3", "exit=-13"),
           with("exit=3", "exit="),
           with("a1=7ffd", "a1=7"),
           with("cat\"", "dd\""),
           with("\"cat\"", "636174"),
           with("\"cat\"", "\"cat"),
           with("\"cat\"", "{cat"),
           with("\"cat\"", "\"c at\""),
           with("\"cat\"", "\"c msg='t\""),
           with("a2=0 ", "a2=0  "),
           with("a2=0 ", "a2=\x1dUID=x "),
           with("pid=1000", "pid=1001"),
           with("ppid=", "qpid="),
           with("auid=0 ", ""),
           kCall + key + "1",
           kCall + key + " b=1",
           kCall + key + " ",
           kCall + "\"other\"",
           kCall + "(none)",
           kCall,
           kCall + "UID=root",
           kCall + "x#035",
           kCall + key});
  }
}

TEST_CASE("the message of a program is compared inside and behind") {
  const std::string head = "pid=10 uid=0 auid=1000 ses=3 subj=unconfined msg='op=PAM:session_open acct=\"root\" ";
  const std::string tail = "\x1dUID=\"root\" AUID=\"jo\"";
  for (const std::string& end : {std::string(), tail}) {
    check({head + "addr=? res=success'" + end, head + "addr=10.0.0.7 res=success'" + end,
           head + "addr=? res=failed'" + end, head + "addr=? res=failed','" + end, head + "addr=?, res=failed'" + end,
           head + "addr=?: res=success'" + end, head + "addr=? res=success" + end, head + "addr=? res=it's'" + end,
           head + "addr=? res='" + end, head + "addr=\"a b\" res=success'" + end,
           head + "addr=\"a\"b res=success'" + end, head + "addr=? res=success' x" + end,
           head + "addr=? res=\"x\"'" + end, head + "addr=? msg='a'" + end, head + "addr=? res=success'" + end + "x",
           head + "addr=? res=success'\x1dUID=\"ann\"", head + "addr=? res=success'"});
  }
}

TEST_CASE("a record of one field, and one of nothing but a message") {
  check({"cwd=\"/\"", "cwd=\"/root\"", "cwd=2F20", "cwd=", "cwd=\"/\"x", "cwd", "cwd=\"/\""});
  check({"msg='op=a res=1'", "msg='op=b res=1'", "msg='op=b res=1", "msg=op", "msg='avc:  denied  { a } for  b=1'"});
  check({"avc:=1 b=2", "avc:=1 b={}", "avc:=2 b=2"});
}

TEST_CASE("what changes much is compared with the newer record") {
  std::string a, b;
  for (int i = 0; i < 30; ++i) {
    a += "f" + std::to_string(i) + "=1 ";
    b += "f" + std::to_string(i) + "=22 ";
  }
  tests::Repeated repeat;
  CHECK(tests::same_tokens(repeat, a + "z=1"));
  CHECK(tests::same_tokens(repeat, b + "z=1"));
  CHECK(repeat.last_base == 2);
  CHECK(tests::same_tokens(repeat, b + "z=2"));
  CHECK(repeat.last_base == 2);
}

}  // namespace
}  // namespace naudit::interpret
