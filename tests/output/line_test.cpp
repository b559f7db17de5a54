// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/formats/line.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/pipeline.hpp"

namespace naudit::output {
namespace {

TEST_CASE("one line tells when who did what to what, how it ended and why it was watched") {
  const std::string line = tests::Encoding("line")(
      "type=SYSCALL msg=audit(1700000000.123:45): arch=c000003e syscall=257 success=no exit=-13 pid=9 auid=1000 uid=0 "
      "comm=\"cat\" exe=\"/bin/cat\" key=\"secrets\"\n"
      "type=CWD msg=audit(1700000000.123:45): cwd=\"/etc\"\n"
      "type=PATH msg=audit(1700000000.123:45): name=\"shadow\" nametype=NORMAL\n"
      "type=PROCTITLE msg=audit(1700000000.123:45): proctitle=\"cat\"\n");
  CHECK(line ==
        "2023-11-14 22:13:20.123 jo as root opened-file /etc/shadow using /bin/cat: failure EACCES [secrets] #45\n");
}

TEST_CASE("an exec shows its arguments") {
  const std::string line = tests::Encoding("line")(
      "type=SYSCALL msg=audit(1.000:4): arch=c000003e syscall=59 success=yes exit=0 auid=4294967295 uid=7 key=(null)\n"
      "type=EXECVE msg=audit(1.000:4): argc=2 a0=\"sh\" a1=6120620A\n");
  CHECK(line == "1970-01-01 00:00:01.000 7 executed (sh a b\\x0a): success #4\n");
}

TEST_CASE("nothing in a record steers the terminal, and text in other scripts stays readable") {
  correlate::Event event;
  event.append(1112, "audit(0.000:0): pid=1 msg='acct=1B5B316D00C2851FC39FC39FE282AC80'", 16);
  const std::string line = tests::Encoding("line")(event);
  CHECK(line == "1970-01-01 00:00:00.000 logged-in \\x1b[1m\\x00\\xc2\\x85\\x1f\xc3\x9f\xc3\x9f\xe2\x82\xac\\x80 #0\n");
}

TEST_CASE("the line of an event that is not whole says why") {
  correlate::Event event;
  event.incomplete = correlate::Incomplete::kTimeout;
  event.append(1302, "audit(0.000:0): name=\"/x\"", 16);
  CHECK(tests::Encoding("line")(event).ends_with(" (incomplete: timeout) #0\n"));
}

}  // namespace
}  // namespace naudit::output
