// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/record/decoded_event.hpp"

#include "tables/record_types.hpp"
#include "tests/interpret/event_of.hpp"
#include "tests/support/catch.hpp"

namespace naudit::interpret {
namespace {

namespace type = tables::type;

TEST_CASE("arch, call, outcome and key come from the SYSCALL record") {
  const EventOf of{{type::kSyscall, R"(arch=c000003e syscall=257 success=no exit=-13 uid=5 key="a")"},
                   {type::kPath, R"(name="/x" key="b")"}};
  CHECK(of.decoded.arch() == tables::kArchX86_64);
  CHECK(of.decoded.syscall() == 257U);
  CHECK(of.decoded.success() == false);
  REQUIRE(of.decoded.key() != nullptr);
  CHECK(of.decoded.key()->value == "a");
}

TEST_CASE("what is not said is empty") {
  const EventOf of{{type::kLogin, "pid=1 key=(null)"}};
  CHECK_FALSE(of.decoded.arch());
  CHECK_FALSE(of.decoded.syscall());
  CHECK_FALSE(of.decoded.success());
  CHECK(of.decoded.key() == nullptr);
}

TEST_CASE("a key that another record has counts where SYSCALL has none") {
  const EventOf of{{type::kSyscall, "key=(null)"}, {type::kConfigChange, R"(op=add_rule key="k" list=4 res=1)"}};
  REQUIRE(of.decoded.key() != nullptr);
  CHECK(of.decoded.key()->value == "k");
}

TEST_CASE("a key that is called (null) is a key") {
  const EventOf of{{type::kSyscall, "key=\"(null)\""}};
  CHECK(of.decoded.key() != nullptr);
}

TEST_CASE("the outcome of a record without a call is its result, in any of its words") {
  for (const char* const good : {"res=1", "res=success", "res=yes", "result=Success", "msg='op=x res=success'"}) {
    INFO(good);
    CHECK(EventOf{{1100, good}}.decoded.success() == true);
  }
  for (const char* const bad : {"res=0", "res=n", "res=fail", "res=failure", "res=FAILED", "res=failed", "res=no",
                                "msg='op=x res=failed'", "msg='result=Denied'"}) {
    INFO(bad);
    CHECK(EventOf{{1100, bad}}.decoded.success() == false);
  }
  for (const char* const unreadable :
       {"res=maybe", "res=2", "res=?", "res=", "res=1AUID=\"jo\"", "msg='res=successful?'"}) {
    INFO(unreadable);
    CHECK_FALSE(EventOf{{1100, unreadable}}.decoded.success().has_value());
  }
}

TEST_CASE("a record that stands for itself has its own result, whatever became of the call") {
  const std::string call = "arch=c000003e syscall=44 success=yes exit=60";
  CHECK(EventOf{{type::kConfigChange, "op=add_rule list=4 res=0"}, {type::kSyscall, call}}.decoded.success() == false);
  CHECK(EventOf{{type::kSyscall, call}, {type::kConfigChange, "op=add_rule list=4 res=0"}}.decoded.success() == false);
  CHECK(EventOf{{type::kConfigChange, "op=add_rule list=4"}, {type::kSyscall, call}}.decoded.success() == true);
}

TEST_CASE("the commas of the first audit daemons belong to no value") {
  const EventOf of{
      {type::kDaemonStart, "auditd start, ver=1.3.1, format=raw, auid=4294967295 pid=77 res=success, auditd pid=77"}};
  CHECK(of.decoded.success() == true);
  const DecodedRecord& record = of.decoded.records().front();
  CHECK(of.decoded.find(record, tables::field::kVer)->value == "1.3.1");
  CHECK(of.decoded.find(record, tables::field::kFormat)->value == "raw");
  CHECK_FALSE(record.tokens.regular);
  // Others may mean theirs.
  const EventOf other{{1100, "op=a, b=1"}};
  CHECK(other.decoded.find(other.decoded.records().front(), tables::field::kOp)->value == "a,");
}

TEST_CASE("what a program claims never stands for what the kernel says") {
  const EventOf of{{1100, "pid=1 uid=1000 res=0 msg='uid=0 res=success key=\"k\"'"}};
  CHECK(of.decoded.success() == false);
  const DecodedRecord& record = of.decoded.records().front();
  CHECK(of.decoded.find(record, tables::field::kUid)->value == "1000");
  CHECK(of.decoded.find_claim(record, tables::field::kUid)->value == "0");
  CHECK(of.decoded.key() == nullptr);
}

TEST_CASE("numbers that are none leave no trace") {
  const EventOf of{{type::kSyscall, "arch=xyz syscall=-1 success=maybe"}};
  CHECK_FALSE(of.decoded.arch());
  CHECK_FALSE(of.decoded.syscall());
  CHECK_FALSE(of.decoded.success().has_value());
}

TEST_CASE("one object decodes one event after the other") {
  EventOf of{{type::kSyscall, R"(arch=c000003e syscall=1 success=yes key="a")"}};
  correlate::Event second;
  second.append(type::kLogin, "audit(1.000:2): pid=1", 16);
  of.decoded.decode(second);
  CHECK(of.decoded.records().size() == 1);
  CHECK_FALSE(of.decoded.arch());
  CHECK_FALSE(of.decoded.success());
  CHECK(of.decoded.key() == nullptr);
  CHECK(of.decoded.find(type::kSyscall) == nullptr);
  CHECK(of.decoded.find(type::kLogin) != nullptr);
}

TEST_CASE("decimal and hexadecimal numbers must be whole and fit") {
  std::uint32_t decimal = 0;
  CHECK(parse_decimal("4294967295", decimal));
  for (const char* const text : {"", "-1", "4294967296", "1a", " 1", "+1"}) CHECK_FALSE(parse_decimal(text, decimal));
  std::uint64_t hex = 0;
  CHECK(parse_hex("ffffffffffffffff", hex));
  for (const char* const text : {"", "0x1", "10000000000000000", "g"}) CHECK_FALSE(parse_hex(text, hex));
}

TEST_CASE("a comma behind a value of an old auditd is no part of it") {
  const EventOf of{
      {tables::type::kDaemonStart, "auditd start, ver=1.3.1, format=raw, auid=500 res=success, auditd pid=1"}};
  const DecodedRecord& record = of.decoded.records().front();
  CHECK(of.decoded.find(record, tables::field::kVer)->value == "1.3.1");
  CHECK(of.decoded.find(record, tables::field::kRes)->value == "success");
  CHECK(of.decoded.success() == true);
  CHECK_FALSE(record.tokens.regular);
  // What the kernel writes so is its own.
  const EventOf kernel{{1700, "dev=eth0, prom=256"}};
  CHECK(kernel.decoded.find(kernel.decoded.records().front(), tables::field::kDev)->value == "eth0,");
}

TEST_CASE("of a record of very many fields the first of a name is found") {
  std::string body = "uid=7";
  for (int i = 0; i < 500; ++i) body += " x" + std::to_string(i) + "=1";
  const EventOf of{{1300, body + " uid=8 auid=9"}, {1112, "uid=3 msg='" + body + "'"}};
  const auto records = of.decoded.records();
  for (int again = 0; again < 2; ++again) {
    CHECK(of.decoded.find(records[0], tables::field::kUid)->value == "7");
    CHECK(of.decoded.find(records[0], tables::field::kAuid)->value == "9");
    CHECK(of.decoded.find(records[0], tables::field::kPid) == nullptr);
    CHECK(of.decoded.find_claim(records[1], tables::field::kUid)->value == "7");
    CHECK(of.decoded.find(records[1], tables::field::kUid)->value == "3");
  }
}

}  // namespace
}  // namespace naudit::interpret
