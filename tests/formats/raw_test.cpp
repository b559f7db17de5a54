// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/auditd/raw.hpp"

#include "tables/record_types.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pipeline.hpp"

namespace naudit::formats {
namespace {

TEST_CASE("a stored log comes out as it went in") {
  const std::string log =
      "type=SYSCALL msg=audit(1.000:2): arch=c000003e syscall=59 key=(null)\n"
      "type=UNKNOWN[1499] msg=audit(1.000:2): x=1\n"
      "type=BRAND_NEW msg=audit(1.000:2): y=\"2\"\n"
      "type=PROCTITLE msg=audit(1.000:2): proctitle=\"sh\"\n"
      "node=a.b type=USER_LOGIN msg=audit(1.000:3): pid=1 msg='res=1'\x1dUID=\"root\"\n"
      "type=USER_ACCT msg=audit(1.000:4): pid=1 msg='res=1' \n"
      "node=a.b type=USER_ACCT msg=audit(1.000:5): pid=1 msg='res=1' \n"
      "not a record\n";
  CHECK(tests::Encoding("raw")(log) == log);
}

TEST_CASE("a line end within a record becomes a space, and one at its end goes, as does one space of a live record") {
  correlate::Event event;
  event.append(1112, "audit(1.000:2): msg='a\nb\n\n'  ", 16);
  correlate::Event ended;
  ended.append(1112, "audit(1.000:2): msg='a'\n", 16);
  tests::Encoding raw("raw");
  CHECK(raw(event) == "type=USER_LOGIN msg=audit(1.000:2): msg='a b  '  \n");
  CHECK(raw(ended) == "type=USER_LOGIN msg=audit(1.000:2): msg='a'\n");
  raw.set_live();
  CHECK(raw(event) == "type=USER_LOGIN msg=audit(1.000:2): msg='a b  ' \n");
  CHECK(raw(ended) == "type=USER_LOGIN msg=audit(1.000:2): msg='a'\n");
}

TEST_CASE("a line of the kernel's is cut where auditd cuts it, and one of a stored log nowhere") {
  const std::string line = "type=USER_LOGIN msg=audit(1.000:2): " + std::string(20'000, 'x');
  tests::Encoding raw("raw");
  CHECK(raw(line) == line + "\n");
  raw.set_live();
  CHECK(raw(line) == line.substr(0, 8937) + "\n");
  CHECK(raw("node=a " + line) == ("node=a " + line).substr(0, 8969) + "\n");
}

TEST_CASE("the end mark of an event is no line") {
  CHECK(tests::Encoding("raw")("type=CWD msg=audit(1.000:2): cwd=\"/\"\ntype=EOE msg=audit(1.000:2): \n") ==
        "type=CWD msg=audit(1.000:2): cwd=\"/\"\n");
}

TEST_CASE("this machine's node stands before each record, unless it has its own") {
  tests::Encoding raw("raw");
  raw.set_node("here");
  correlate::Event event;
  event.append(tables::type::kCwd, "audit(1.000:2): cwd=\"/\"", 16);
  CHECK(raw(event) == "node=here type=CWD msg=audit(1.000:2): cwd=\"/\"\n");
  event.node = "there";
  CHECK(raw(event) == "node=there type=CWD msg=audit(1.000:2): cwd=\"/\"\n");
}

TEST_CASE("a number without a name is written as auditd writes it") {
  correlate::Event event;
  event.append(1499, "audit(1.000:2): x=1", 16);
  CHECK(tests::Encoding("raw")(event) == "type=UNKNOWN[1499] msg=audit(1.000:2): x=1\n");
}

TEST_CASE("the name of this machine stands before a record only where a sink asks for it") {
  correlate::Event event;
  event.append(1112, "audit(1.000:2): msg='a'", 16);
  for (const char* const format : {"raw", "enriched"}) {
    CAPTURE(format);
    tests::Encoding by_default(format, AuditdOptions{});
    tests::Encoding asked(format, AuditdOptions{.node = true});
    for (tests::Encoding* const encoding : {&by_default, &asked}) encoding->set_node("web-1");
    CHECK(by_default(event).starts_with("type=USER_LOGIN "));
    CHECK(asked(event).starts_with("node=web-1 type=USER_LOGIN "));
    // What a record says itself stays.
    event.node = "db-2";
    CHECK(by_default(event).starts_with("node=db-2 type=USER_LOGIN "));
    event.node.clear();
  }
}

}  // namespace
}  // namespace naudit::formats
