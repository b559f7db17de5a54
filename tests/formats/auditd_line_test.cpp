// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/auditd/line.hpp"
#include "tables/record_types.hpp"
#include "tests/support/catch.hpp"

namespace naudit::formats {
namespace {

namespace type = tables::type;

TEST_CASE("a line of auditd's log is a type and a text") {
  correlate::Input input;
  REQUIRE(parse_line("type=SYSCALL msg=audit(1.000:2): arch=1 \n", input));
  CHECK(input.type == type::kSyscall);
  CHECK(input.text == "audit(1.000:2): arch=1 ");
  CHECK(input.node.empty());
  CHECK(input.name.empty());
}

TEST_CASE("line ends of any system and a NUL are no part of the record") {
  correlate::Input input;
  REQUIRE(parse_line(std::string_view("type=CWD msg=audit(1.000:2): cwd=\"/\"\0\r\n", 39), input));
  CHECK(input.text == "audit(1.000:2): cwd=\"/\"");
}

TEST_CASE("the node before a record is its node") {
  correlate::Input input;
  REQUIRE(parse_line("node=a.example type=PATH msg=audit(1.000:2): item=0", input));
  CHECK(input.node == "a.example");
  CHECK(input.type == type::kPath);
}

TEST_CASE("what syslog and the console put before a record is left out") {
  correlate::Input input;
  REQUIRE(
      parse_line("Jan  1 00:00:00 host kernel: [    1.5] audit: type=1400 audit(1.000:2): apparmor=\"DENIED\"", input));
  CHECK(input.type == type::kAvc);
  CHECK(input.text == "audit(1.000:2): apparmor=\"DENIED\"");
  CHECK(input.name.empty());
  REQUIRE(parse_line("<6>audispd: node=b type=USER_LOGIN msg=audit(1.000:2): pid=1", input));
  CHECK(input.node == "b");
  CHECK(input.type == 1112);
  // A word of the prefix that only looks like it is not.
  REQUIRE(parse_line("x node=c audispd: type=USER_LOGIN msg=audit(1.000:2): pid=1", input));
  CHECK(input.node.empty());
}

TEST_CASE("the kernel's own text has the number of its type before it") {
  correlate::Input input;
  for (const char* line :
       {"1307\taudit(1.000:2):  cwd=\"/\"", "1307 audit(1.000:2):  cwd=\"/\"", "1307: audit(1.000:2):  cwd=\"/\""}) {
    REQUIRE(parse_line(line, input));
    CHECK(input.type == type::kCwd);
    CHECK(input.text == "audit(1.000:2):  cwd=\"/\"");
    CHECK(input.name.empty());
  }
  CHECK_FALSE(parse_line("99999 audit(1.000:2): x", input));
  CHECK_FALSE(parse_line("1307 something else", input));
}

TEST_CASE("the kernel's own text without a number tells the usual types by its first field") {
  correlate::Input input;
  REQUIRE(parse_line("audit(1.000:2): arch=c000003e syscall=2", input));
  CHECK(input.type == type::kSyscall);
  REQUIRE(parse_line("audit(1.000:2):  cwd=\"/\"", input));
  CHECK(input.type == type::kCwd);
  CHECK_FALSE(parse_line("audit(1.000:2): something else", input));
  CHECK_FALSE(parse_line("audit(1.000): arch=c000003e", input));
}

TEST_CASE("types without a name, and names without a type, are kept as they can be written again") {
  correlate::Input input;
  REQUIRE(parse_line("type=UNKNOWN[1499] msg=audit(1.000:2): x=1", input));
  CHECK(input.type == 1499);
  CHECK(input.name.empty());
  REQUIRE(parse_line("type=1499 audit(1.000:2): x=1", input));
  CHECK(input.type == 1499);
  CHECK(input.name.empty());
  REQUIRE(parse_line("type=UNKNOWN[1300] msg=audit(1.000:2): x=1", input));
  CHECK(input.type == type::kSyscall);
  CHECK(input.name == "UNKNOWN[1300]");
  REQUIRE(parse_line("type=syscall msg=audit(1.000:2): x=1", input));
  CHECK(input.type == type::kSyscall);
  CHECK(input.name == "syscall");
  REQUIRE(parse_line("type=BRAND_NEW msg=audit(1.000:2): x=1", input));
  CHECK(input.type == 0);
  CHECK(input.name == "BRAND_NEW");
  REQUIRE(parse_line("type=0 msg=audit(1.000:2): x=1", input));
  CHECK(input.type == 0);
  CHECK(input.name == "0");
}

TEST_CASE("a line without a record keeps its text") {
  correlate::Input input;
  const std::string long_name = "type=" + std::string(300, 'X') + " msg=audit(1.000:2): x=1";
  for (const std::string_view line :
       {std::string_view(""), std::string_view("----"), std::string_view("time->Thu Jan  1 00:00:00 1970"),
        std::string_view("type=SYSCALL"), std::string_view("type= msg=audit(1.000:2): x=1"),
        std::string_view("audit(1.000:2): x=1"), std::string_view("type=SYSCALL msg=x"), std::string_view(long_name)}) {
    INFO(line);
    CHECK_FALSE(parse_line(line, input));
    CHECK(input.text == line);
    CHECK(input.type == 0);
    CHECK(input.name.empty());
  }
}

}  // namespace
}  // namespace naudit::formats
