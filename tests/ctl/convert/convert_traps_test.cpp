// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What other readers of audit logs have stumbled over, each through the whole of `nauditctl convert`.
#include <algorithm>

#include "tests/ctl/convert/convert_run.hpp"
#include "tests/support/catch.hpp"

namespace naudit::ctl {
namespace {

using test::convert_text;
using test::json_of;
using test::Outcome;
using test::there_and_back;

const std::string kSyscall =
    "type=SYSCALL msg=audit(1.000:1): arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=0 ppid=1 "
    "pid=2 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=1 comm=\"x\" exe=\"/x\" "
    "key=(null)\n";

std::string execve(std::string_view body) {
  return "type=EXECVE msg=audit(1.000:1): " + std::string(body) + '\n';
}

// Everything that a trap must not cost: the bytes come back.
void check_whole(const std::string& text) {
  INFO(text.substr(0, 2000));
  const Outcome outcome = convert_text(text, {"--format", "json"});
  CHECK(outcome.code == 0);
  CHECK(there_and_back(text) == convert_text(text, {"--format", "raw"}).out);
}

TEST_CASE("a value that ends in a backslash ends at its quote") {
  const std::string text =
      "type=USER_CMD msg=audit(1.000:1): pid=1 uid=0 msg='cwd=\"C:\\\" cmd=\"dir\\\" res=success'\n";
  CHECK_THAT(json_of(text), Catch::Contains(R"("cwd":"C:\\","cmd":"dir\\","res":"success")"));
  CHECK(there_and_back(text) == text);
}

TEST_CASE("what a program claims never takes the place of what the kernel says") {
  const std::string text =
      "type=USER_AUTH msg=audit(1.000:1): pid=1 uid=1000 auid=1000 msg='uid=0 auid=0 res=success'\n";
  const std::string json = json_of(text);
  CHECK_THAT(json, Catch::Contains(R"("auid":1000,"uid":1000,"pid":1})"));
  CHECK_THAT(json, Catch::Contains(R"("claim":{"uid":0)"));
  CHECK(there_and_back(text) == text);
}

TEST_CASE("an argument in pieces is one argument") {
  const std::string text = kSyscall + execve("argc=2 a0=\"x\" a1_len=8 a1[0]=6162 a1[1]=6364");
  CHECK_THAT(json_of(text), Catch::Contains(R"("argv":["x","abcd"])"));
  check_whole(text);
}

TEST_CASE("arguments go on in further EXECVE records") {
  const std::string text = kSyscall + execve("argc=3 a0=\"x\" a1=\"y\"") + execve("a2=\"z\"");
  CHECK_THAT(json_of(text), Catch::Contains(R"("argv":["x","y","z"])"));
  check_whole(text);
}

TEST_CASE("more than 65,536 arguments are all there") {
  constexpr int kCount = 70'000;
  std::string text = kSyscall;
  std::string body = "argc=" + std::to_string(kCount);
  for (int i = 0; i < kCount; ++i) {
    body += " a" + std::to_string(i) + "=\"v\"";
    if (body.size() < 7500 && i + 1 < kCount) continue;
    text += execve(body.starts_with(' ') ? body.substr(1) : body);
    body.clear();
  }
  const std::string json = json_of(text);
  std::size_t found = 0;
  for (std::size_t at = 0; (at = json.find("\"v\"", at)) != std::string::npos; ++at) ++found;
  CHECK(found == kCount);
  CHECK_THAT(json, Catch::Contains("\"argc\":70000,"));
  CHECK(there_and_back(text) == text);
}

TEST_CASE("argc may be larger than what is there") {
  const std::string text = kSyscall + execve("argc=500 a0=\"x\" a1=\"y\"");
  CHECK_THAT(json_of(text), Catch::Contains(R"("argc":500,"argv":["x","y"])"));
  CHECK(there_and_back(text) == text);
}

TEST_CASE("the same record twice is there twice") {
  const std::string path = "type=PATH msg=audit(1.000:1): item=0 name=\"/a\" inode=1 nametype=NORMAL\n";
  const std::string text = kSyscall + path + path + "type=PROCTITLE msg=audit(1.000:1): proctitle=\"x\"\n";
  CHECK(there_and_back(text) == text);
}

TEST_CASE("types that nobody has heard of are kept, with and without a number") {
  const std::string text = "type=UNKNOWN[1499] msg=audit(1.000:1): a=1\ntype=BRAND_NEW msg=audit(1.000:2): a=1\n";
  CHECK_THAT(json_of(text), Catch::Contains("\"unknown_1499\""));
  CHECK(there_and_back(text) == text);
}

TEST_CASE("several keys, which a byte 0x01 joins, are told apart") {
  std::string text = kSyscall;
  text.replace(text.find("(null)"), 6, "6E6574016578656301");
  CHECK_THAT(json_of(text), Catch::Contains(R"("keys":["net","exec"])"));
  check_whole(text);
}

TEST_CASE("(null) is no text") {
  CHECK_THAT(json_of(kSyscall), Catch::Contains("\"key\":null") && !Catch::Contains("\"keys\""));
  CHECK(there_and_back(kSyscall) == kSyscall);
}

TEST_CASE("the name of an abstract socket starts with a NUL") {
  const std::string text = kSyscall + "type=SOCKADDR msg=audit(1.000:1): saddr=0100002F746D702F78\n";
  CHECK_THAT(json_of(text), Catch::Contains("@/tmp/x") || Catch::Contains("\"saddr_abstract\":true"));
  CHECK(there_and_back(text) == text);
}

TEST_CASE("events that are mixed with each other are told apart") {
  std::string first;
  std::string second;
  std::string mixed;
  for (const char* line :
       {"type=SYSCALL msg=audit(1.000:N): arch=c000003e syscall=2 success=yes exit=3 pid=1",
        "type=CWD msg=audit(1.000:N): cwd=\"/\"", "type=PROCTITLE msg=audit(1.000:N): proctitle=\"x\""}) {
    std::string one = line;
    one.replace(one.find('N'), 1, "1");
    std::string two = line;
    two.replace(two.find('N'), 1, "2");
    first += one + '\n';
    second += two + '\n';
    mixed += two + '\n' + one + '\n';
  }
  CHECK(convert_text(mixed, {"--format", "raw"}).out == second + first);
}

TEST_CASE("NULs, other bytes and very long lines are converted like all others") {
  std::string text = "type=USER msg=audit(1.000:1): pid=1 msg='op=x a=";
  text += std::string("\0\x01\x7F\xFF\xC3", 5);
  text += " res=success'\n";
  text += "type=USER msg=audit(1.000:2): pid=1 msg='op=" + std::string(1'000'000, 'y') + " res=success'\n";
  CHECK(convert_text(text, {"--format", "raw"}).out == text);
  check_whole(text);
}

TEST_CASE("lines may end with CR and LF, and the last one with nothing") {
  const std::string record = "type=USER_END msg=audit(1.000:1): pid=1 uid=0 res=success";
  for (const char* end : {"\n", "\r\n", ""})
    CHECK(convert_text(record + end, {"--format", "raw"}).out == record + '\n');
}

TEST_CASE("a log ends without the end of its last event, which is whole nevertheless") {
  CHECK_THAT(json_of(kSyscall), Catch::Contains("\"complete\":true"));
  CHECK_THAT(json_of("type=CWD msg=audit(1.000:1): cwd=\"/\"\n"), Catch::Contains("\"complete\":false"));
}

TEST_CASE("JSON that nests without end is refused, and costs nothing") {
  const Outcome outcome = convert_text("{\"id\":" + std::string(3'000'000, '[') + '\n', {});
  CHECK(outcome.code == 3);
  CHECK(outcome.out.empty());
}

}  // namespace
}  // namespace naudit::ctl
