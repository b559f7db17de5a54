// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/shape/redactor.hpp"

#include "base/hex.hpp"
#include "tables/record_types.hpp"
#include "tests/interpret/event_of.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pipeline.hpp"

namespace naudit::output::shape {
namespace {

using Catch::Matchers::Contains;
using interpret::EventOf;
namespace type = tables::type;

// What a sink of this format gets of the event.
std::string redacted(const EventOf& of, std::string_view format = "raw",
                     const config::Redact& wanted = {true, true, {}}) {
  Redactor redactor(wanted);
  const interpret::DecodedEvent* const other = redactor.redact(of.decoded);
  tests::Encoding encoding(format);
  return encoding(other == nullptr ? of.event : other->source());
}

// One record's body as it comes out.
std::string body(std::uint16_t type, const std::string& text) {
  std::string line = redacted(EventOf{{type, text}});
  line.erase(0, line.find("): ") + 3);
  line.pop_back();
  return line;
}

std::string hex(std::string_view text) {
  std::string digits;
  base::append_hex(digits, text);
  return digits;
}

TEST_CASE("an event without secrets is left as it is") {
  Redactor redactor({true, true, {}});
  CHECK(redactor.redact(EventOf{{type::kSyscall, "arch=c000003e syscall=59"},
                                {type::kExecve, R"(argc=2 a0="ls" a1="-l")"},
                                {type::kProctitle, "proctitle=6C73002D6C"}}
                            .decoded) == nullptr);
  CHECK(redactor.redacted() == 0);
}

TEST_CASE("arguments are hidden in quotes and in hexadecimal, and their record says which") {
  CHECK(body(type::kExecve, R"(argc=3 a0="x" a1="--password" a2="abc")") ==
        R"(argc=3 a0="x" a1="--password" a2="[redacted]" redacted=a2)");
  CHECK(body(type::kExecve, "argc=3 a0=\"x\" a1=\"--password\" a2=" + hex("a b")) ==
        R"(argc=3 a0="x" a1="--password" a2="[redacted]" redacted=a2)");
  CHECK(body(type::kExecve, "argc=2 a0=\"x\" a1=" + hex("--token=a b")) ==
        R"(argc=2 a0="x" a1="--token=[redacted]" redacted=a1)");
  CHECK(body(type::kExecve, "argc=3 a0=\"sh\" a1=\"-c\" a2=" + hex("x --token=abc y")) ==
        "argc=3 a0=\"sh\" a1=\"-c\" a2=" + hex("x --token=[redacted] y") + " redacted=a2");
}

TEST_CASE("the title of a process, what sudo ran and what was typed are command lines, too") {
  CHECK(body(type::kProctitle, "proctitle=" + hex(std::string("x\0--token\0abc", 13))) ==
        "proctitle=" + hex(std::string("x\0--token\0[redacted]", 20)) + " redacted=proctitle");
  CHECK(body(1123, "pid=5 uid=0 msg='cwd=\"/\" cmd=" + hex("x --token abc y") + " terminal=pts/0 res=success'") ==
        "pid=5 uid=0 msg='cwd=\"/\" cmd=" + hex("x --token [redacted] y") +
            " terminal=pts/0 res=success' redacted=cmd");
  CHECK(body(1107, R"(pid=5 msg='avc:  denied  { start } for cmdline="x --token=abc" exe="/x"')") ==
        R"(pid=5 msg='avc:  denied  { start } for cmdline="x --token=[redacted]" exe="/x"' redacted=cmdline)");
  CHECK(body(type::kTty, "tty pid=5 uid=0 data=" + hex("mysql -pabc\r")) ==
        "tty pid=5 uid=0 data=" + hex("mysql -p[redacted]\r") + " redacted=data");
}

TEST_CASE("names that an auditd appended stay behind the record") {
  CHECK_THAT(
      redacted(EventOf{{1123, "pid=5 uid=0 msg='cmd=" + hex("x --token abc") + " res=success'\x1DUID=\"root\""}}),
      Contains("res=success' redacted=cmd\x1DUID=\"root\"\n"));
}

TEST_CASE("no format has the secret in any spelling") {
  const EventOf event{
      {type::kSyscall,
       R"(arch=c000003e syscall=59 success=yes exit=0 pid=7 auid=1000 uid=0 exe="/usr/bin/x" key="exec")"},
      {type::kExecve, "argc=4 a0=\"x\" a1=\"--password\" a2=\"sesame\" a3=" + hex("--token=open sesame")},
      {type::kProctitle, "proctitle=" + hex(std::string("x\0--password\0sesame", 19))}};
  for (const char* const format : {"raw", "enriched", "json", "mozdef", "line"}) {
    const std::string text = redacted(event, format);
    INFO(text);
    CHECK(text.find("sesame") == std::string::npos);
    CHECK(text.find(hex("sesame")) == std::string::npos);
    CHECK(text.find("\n") + 1 != 0);
  }
  const std::string json = redacted(event, "json");
  CHECK_THAT(json, Contains(R"("argv":["x","--password","[redacted]","--token=[redacted]"],"redacted":"a2,a3")"));
  CHECK_THAT(json, Contains(R"("proctitle":{"proctitle":["x","--password","[redacted]"],"redacted":"proctitle"})"));
  CHECK_THAT(json, Contains(R"("complete":true)"));
}

TEST_CASE("a program that writes the mark itself is not believed") {
  CHECK(body(type::kExecve, R"(argc=2 a0="x" a1="[redacted]")") == R"(argc=2 a0="x" a1="[redacted]")");
  CHECK(body(type::kExecve, R"(argc=2 a0="x" a1="redacted=a1")") == R"(argc=2 a0="x" a1="redacted=a1")");
}

TEST_CASE("an argument in pieces is put together before it is looked at, and written in pieces where it is long") {
  const std::string half(4000, 'x');
  const EventOf event{{type::kExecve, "argc=2 a0=\"x\" a1_len=8014 a1[0]=\"" + half + "--pass\""},
                      {type::kExecve, "a1[1]=\"word=abc" + half + "\""}};
  CHECK(redacted(event) ==
        "type=EXECVE msg=audit(1.000:2): argc=2 a0=\"x\" a1=\"" + half + "--password=[redacted]\" redacted=a1\n");
  Redactor redactor({true, true, {}});
  const std::string big(16'000, 'y');
  const EventOf long_one{{type::kExecve, "argc=3 a0=\"x\" a1=\"--token=abc\" a2=\"" + big + "\""}};
  const interpret::DecodedEvent* const other = redactor.redact(long_one.decoded);
  REQUIRE(other != nullptr);
  CHECK(other->records().size() == 4);
  for (const auto& record : other->records()) CHECK(record.text.size() < 8000);
  REQUIRE(other->execve().size() == 3);
  CHECK(other->execve()[1] == "--token=[redacted]");
  CHECK(other->execve()[2] == big);
  CHECK(other->execve().is_whole());
  CHECK(other->incomplete() == correlate::Incomplete::kNo);
}

TEST_CASE("an argument that is not whole is left out whole, and so is the one behind it") {
  // A piece is missing.
  CHECK(redacted(EventOf{{type::kExecve, "argc=3 a0=\"x\" a1_len=9000 a1[0]=\"--tok\""},
                         {type::kExecve, "a1[2]=\"en=abc\" a2=\"def\""}}) ==
        "type=EXECVE msg=audit(1.000:2): argc=3 a0=\"x\" a1=\"[redacted]\" a2=\"[redacted]\" redacted=a1,a2 "
        "withheld=a1,a2\n");
  // Arguments are missing: the next may be the value of one of them. The gap is still to be seen.
  Redactor redactor({true, true, {}});
  const EventOf gap{{type::kExecve, "argc=6 a0=\"x\""}, {type::kExecve, "a4=\"abc\" a5=\"y\""}};
  const interpret::DecodedEvent* const other = redactor.redact(gap.decoded);
  REQUIRE(other != nullptr);
  REQUIRE(other->execve().size() == 4);
  CHECK(other->execve().is_missing(1));
  CHECK(other->execve()[2] == "[redacted]");
  CHECK(other->execve()[3] == "y");
  CHECK(other->execve().missing() == gap.decoded.execve().missing());
  CHECK(other->incomplete() == correlate::Incomplete::kBrokenArguments);
}

TEST_CASE("digits that are cut are no text") {
  CHECK(body(type::kExecve, "argc=2 a0=\"x\" a1=" + hex("--token=abc") + "6") ==
        R"(argc=2 a0="x" a1="[redacted]" redacted=a1 withheld=a1)");
  CHECK(body(1123, "pid=5 msg='cmd=" + hex("x --token abc") + "6 res=success'") ==
        R"(pid=5 msg='cmd="[redacted]" res=success' redacted=cmd withheld=cmd)");
}

TEST_CASE("arguments that stand there twice are told by none of the two") {
  const std::string line = body(type::kExecve, R"(argc=2 a0="x" a1="--token" a1="abc")");
  CHECK(line == R"(argc=2 a0="[redacted]" a1="[redacted]" redacted=a0,a1 withheld=a0,a1,text)");
}

TEST_CASE("of a title that the kernel has cut the last argument is left out") {
  std::string title = "x" + std::string(1, '\0') + std::string(100, 'y') + std::string(1, '\0');
  title += std::string(128 - title.size(), 'z');
  CHECK(body(type::kProctitle, "proctitle=" + hex(title)) ==
        "proctitle=" + hex(title.substr(0, title.rfind('\0') + 1) + "[redacted]") +
            " redacted=proctitle withheld=proctitle");
  CHECK(body(type::kProctitle, "proctitle=" + hex(std::string(128, 'z'))) ==
        "proctitle=\"[redacted]\" redacted=proctitle withheld=proctitle");
  title.pop_back();
  CHECK(body(type::kProctitle, "proctitle=" + hex(title)) == "proctitle=" + hex(title));
}

TEST_CASE("a record that cannot be read is left out but for its header") {
  CHECK(body(0, "type=EXECVE msg=--token=abc") == "withheld=text");
}

TEST_CASE("the title that was without a secret last is known by its spelling as well") {
  Redactor redactor({true, true, {}});
  const std::string digits = hex("--token=abc d");
  CHECK(redactor.redact(EventOf{{type::kProctitle, "proctitle=\"" + digits + '"'}}.decoded) == nullptr);
  CHECK(redactor.redact(EventOf{{type::kProctitle, "proctitle=\"" + digits + '"'}}.decoded) == nullptr);
  CHECK(redactor.redact(EventOf{{type::kProctitle, "proctitle=" + digits}}.decoded) != nullptr);
}

TEST_CASE("a pattern of one's own may go over the end of an argument") {
  CHECK_THAT(redacted(EventOf{{type::kExecve, R"(argc=4 a0="x" a1="my" a2="own" a3="y")"}}, "raw",
                      {.enabled = true, .builtin = true, .patterns = {"my\\x00own"}}),
             Contains(R"(a0="x" a1="[redacted]" a2="[redacted]" a3="y" redacted=a1,a2)"));
}

}  // namespace
}  // namespace naudit::output::shape
