// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tables/record_types.hpp"

#include <linux/audit.h>

#include "tests/support/catch.hpp"

namespace naudit::tables {
namespace {

TEST_CASE("every record type that has a name is found again by its name, its key and its text") {
  int known = 0;
  for (std::uint32_t i = 0; i <= 0xFFFF; ++i) {
    const auto number = static_cast<std::uint16_t>(i);
    const std::string_view name = record_type_name(number);
    if (record_type(record_type_text(number)) != number) FAIL("no way back from " << record_type_text(number));
    CHECK(name.empty() == record_type_key(number).empty());
    if (name.empty()) continue;
    ++known;
    INFO(name);
    CHECK(record_type(name) == number);
    CHECK(record_type(record_type_key(number)) == number);
    CHECK(record_type_text(number) == name);
  }
  CHECK(known >= 204);
}

TEST_CASE("record types have the names that auditd prints") {
  CHECK(record_type_name(1300) == "SYSCALL");
  CHECK(record_type_key(1300) == "syscall");
  CHECK(record_type_name(1005) == "USER");
  CHECK(record_type_name(1205) == "DAEMON_ROTATE");
  CHECK(record_type_name(1138) == "SOFTWARE_UPDATE");
  CHECK(record_type_name(2215) == "RESP_ORIGIN_UNBLOCK_TIMED");
  CHECK(record_type_name(2507) == "VIRT_MIGRATE_OUT");
  CHECK(record_type_name(1426) == "MAC_OBJ_CONTEXTS");
  CHECK(record_type_name(1423) == "LANDLOCK_ACCESS");
  CHECK(record_type_name(AUDIT_ANOM_ABEND) == "ANOM_ABEND");
  CHECK(record_type_name(AUDIT_REPLACE) == "REPLACE");
}

TEST_CASE("requests, range marks and gaps are no record types") {
  CHECK(record_type_name(0).empty());
  CHECK(record_type_name(1000).empty());
  CHECK(record_type_name(1199).empty());
  CHECK(record_type_name(1204).empty());
  CHECK(record_type_name(2999).empty());
  CHECK(record_type_text(1427) == "UNKNOWN[1427]");
}

TEST_CASE("a record type is read in any case, as a number and as UNKNOWN[n]") {
  CHECK(record_type("Syscall") == 1300);
  CHECK(record_type("UNKNOWN[1425]") == 1425);
  CHECK(record_type("unknown[7]") == 7);
  CHECK(record_type("1425") == 1425);
  CHECK_FALSE(record_type(""));
  CHECK_FALSE(record_type("SYSCAL"));
  CHECK_FALSE(record_type("SYSCALLS"));
  CHECK_FALSE(record_type("UNKNOWN["));
  CHECK_FALSE(record_type("UNKNOWN[]"));
  CHECK_FALSE(record_type("UNKNOWN[70000]"));
  CHECK_FALSE(record_type("UNKNOWN[12x]"));
  CHECK_FALSE(record_type("-1"));
  CHECK_FALSE(record_type("A_NAME_THAT_IS_LONGER_THAN_ANY_RECORD_TYPE"));
}

TEST_CASE("the types that code names carry the right numbers") {
  CHECK(record_type("EOE") == type::kEoe);
  CHECK(record_type("PROCTITLE") == type::kProctitle);
  CHECK(record_type("EXECVE") == type::kExecve);
  CHECK(record_type("URINGOP") == type::kUringop);
  CHECK(record_type("DEL_GROUP") == type::kDelGroup);
  CHECK(record_type("GRP_MGMT") == type::kGrpMgmt);
  CHECK(record_type("NETFILTER_PKT") == type::kNetfilterPkt);
  CHECK(record_type("KERNEL") == type::kKernel);
}

TEST_CASE("what programs and the daemon send is an event of its own, named or not") {
  for (const std::uint16_t one :
       {type::kUser, type::kUserAuth, type::kUserLogin, std::uint16_t{1199}, type::kDaemonStart, std::uint16_t{1299},
        type::kKernel, type::kAnomLoginFailures, std::uint16_t{2999}}) {
    INFO(one);
    CHECK(record_traits(one).single);
    CHECK_FALSE(record_traits(one).repeatable);
  }
  for (const std::uint16_t one : {std::uint16_t{0}, type::kLogin, type::kSyscall, type::kEoe, type::kAvc,
                                  type::kAnomAbend, std::uint16_t{3000}, std::uint16_t{0xFFFF}}) {
    INFO(one);
    CHECK_FALSE(record_traits(one).single);
  }
  CHECK(record_traits(type::kUserLogin).user_space);
  CHECK_FALSE(record_traits(type::kDaemonStart).user_space);
  CHECK_FALSE(record_traits(type::kKernel).user_space);
}

TEST_CASE("companions of a system call are told from records with a matter of their own") {
  CHECK(record_traits(type::kPath).needs_syscall);
  CHECK(record_traits(type::kProctitle).needs_syscall);
  CHECK_FALSE(record_traits(type::kSyscall).needs_syscall);
  CHECK_FALSE(record_traits(type::kConfigChange).needs_syscall);
  CHECK_FALSE(record_traits(type::kKernelOther).needs_syscall);
  CHECK_FALSE(record_traits(type::kBprmFcaps).needs_syscall);
  CHECK(record_traits(type::kObjPid).auxiliary);
  CHECK(record_traits(type::kOpenat2).auxiliary);
  CHECK_FALSE(record_traits(type::kConfigChange).auxiliary);
  CHECK_FALSE(record_traits(type::kAvc).auxiliary);
  for (std::uint32_t i = 0; i <= 0xFFFF; ++i) {
    const auto number = static_cast<std::uint16_t>(i);
    const RecordTraits traits = record_traits(number);
    if (!traits.single) continue;
    INFO(number);
    CHECK_FALSE((traits.needs_syscall || traits.auxiliary));
  }
}

TEST_CASE("of a system call there is one SYSCALL, CWD, EXECVE and PROCTITLE, of the rest any number") {
  for (const std::uint16_t one :
       {type::kSyscall, type::kUringop, type::kCwd, type::kExecve, type::kProctitle, type::kSeccomp, type::kLogin})
    CHECK_FALSE(record_traits(one).repeatable);
  for (const std::uint16_t one : {type::kPath, type::kObjPid, type::kAvc, std::uint16_t{1450}, std::uint16_t{1999}})
    CHECK(record_traits(one).repeatable);
}

TEST_CASE("a type without a name has the category of its range") {
  CHECK(record_traits(1427).category == RecordCategory::kMac);
  CHECK(record_traits(1599).category == RecordCategory::kApparmor);
  CHECK(record_traits(2599).category == RecordCategory::kVirt);
  CHECK(record_traits(1950).category == RecordCategory::kOther);
  CHECK(record_traits(type::kAvcPath).category == RecordCategory::kMacDecision);
}

}  // namespace
}  // namespace naudit::tables
