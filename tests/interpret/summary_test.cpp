// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary.hpp"

#include "interpret/actions.hpp"
#include "tables/record_types.hpp"
#include "tests/interpret/event_of.hpp"
#include "tests/support/catch.hpp"

namespace naudit::interpret {
namespace {

namespace type = tables::type;

constexpr char kOpenat[] = R"(arch=c000003e syscall=257 success=yes pid=9 auid=1000 uid=0 comm="cat" exe="/bin/cat")";

std::string object_of(const EventOf& of, const Summary& summary) {
  std::string out;
  append_object(of.decoded, summary, out);
  return out;
}

TEST_CASE("a call says who did what to which file, and how") {
  const EventOf of{{type::kSyscall, kOpenat},
                   {type::kCwd, R"(cwd="/home/jo")"},
                   {type::kPath, R"(item=0 name="/home/jo" nametype=PARENT)"},
                   {type::kPath, R"(item=1 name="notes" nametype=CREATE)"}};
  const Summary summary = summarise(of.decoded);
  CHECK(summary.action == "opened-file");
  CHECK(summary.success == true);
  CHECK(summary.auid->value == "1000");
  CHECK(summary.uid->value == "0");
  CHECK(summary.pid->value == "9");
  CHECK(summary.how->value == "/bin/cat");
  CHECK(summary.object_kind == ObjectKind::kFile);
  CHECK(object_of(of, summary) == "/home/jo/notes");
}

TEST_CASE("an exec's object is the program, not its interpreter") {
  const EventOf of{{type::kSyscall, "arch=c000003e syscall=59 success=yes"},
                   {type::kPath, R"(item=0 name="/opt/run.sh" nametype=NORMAL)"},
                   {type::kPath, R"(item=1 name="/lib/ld.so" nametype=NORMAL)"}};
  const Summary summary = summarise(of.decoded);
  CHECK(summary.action == "executed");
  CHECK(object_of(of, summary) == "/opt/run.sh");
}

TEST_CASE("a rename has the new name as its object and the old one beside it") {
  const EventOf of{{type::kSyscall, "arch=c000003e syscall=82 success=yes"},
                   {type::kPath, R"(name="/d/" nametype=PARENT)"},
                   {type::kPath, R"(name="/d/" nametype=PARENT)"},
                   {type::kPath, R"(name="/d/old" nametype=DELETE)"},
                   {type::kPath, R"(name="/d/new" nametype=CREATE)"}};
  const Summary summary = summarise(of.decoded);
  CHECK(summary.action == "renamed");
  CHECK(object_of(of, summary) == "/d/new");
  REQUIRE(summary.second != nullptr);
  CHECK(summary.second->value == "/d/old");
}

TEST_CASE("of a call that failed the parent directory is better than nothing") {
  const EventOf of{{type::kSyscall, "arch=c000003e syscall=87 success=no"},
                   {type::kPath, R"(name="/d" nametype=PARENT)"}};
  CHECK(object_of(of, summarise(of.decoded)) == "/d");
}

TEST_CASE("a socket address is the object in words") {
  const auto words = [](const char* saddr) {
    const EventOf of{{type::kSyscall, "arch=c000003e syscall=42 success=yes"},
                     {type::kSockaddr, std::string("saddr=") + saddr}};
    const Summary summary = summarise(of.decoded);
    CHECK(summary.object_kind == ObjectKind::kSocket);
    return object_of(of, summary);
  };
  CHECK(words("020000500A0000010000000000000000") == "10.0.0.1:80");
  CHECK(words("0A0000160000000000000000000000000000000000000001"
              "00000000") == "[::1]:22");
  CHECK(words("01002F72756E2F782E736F636B00") == "/run/x.sock");
  CHECK(words("0100006162") == "@ab");
  CHECK(words("100000000000000000000000") == "netlink");
  CHECK(words("zz") == "zz");
}

TEST_CASE("a signal's object is the process") {
  const EventOf of{{type::kSyscall, "arch=c000003e syscall=62 success=yes"}, {type::kObjPid, "opid=77 ocomm=\"x\""}};
  const Summary summary = summarise(of.decoded);
  CHECK(summary.action == "killed-pid");
  CHECK(summary.object_kind == ObjectKind::kProcess);
  CHECK(object_of(of, summary) == "77");
}

TEST_CASE("a claim names the account or the service, and the program where the kernel does not") {
  const EventOf login{{1112, R"(pid=1 uid=0 auid=5 msg='op=login acct="jo" exe="/usr/sbin/sshd" uid=7 res=failed')"}};
  const Summary summary = summarise(login.decoded);
  CHECK(summary.action == "logged-in");
  CHECK(summary.success == false);
  CHECK(summary.uid->value == "0");
  CHECK(summary.how->value == "/usr/sbin/sshd");
  CHECK(summary.object_kind == ObjectKind::kAccount);
  CHECK(object_of(login, summary) == "jo");

  const EventOf service{{1130, R"(pid=1 uid=0 msg='unit=cron comm="systemd" exe="/lib/systemd" res=success')"}};
  CHECK(summarise(service.decoded).object_kind == ObjectKind::kService);
  CHECK(object_of(service, summarise(service.decoded)) == "cron");
}

TEST_CASE("every event has an action") {
  CHECK(summarise(EventOf{}.decoded).action == kUnknownAction);
  CHECK(summarise(EventOf{{0, "a=1"}}.decoded).action == kUnknownAction);
  CHECK(summarise(EventOf{{type::kSyscall, "arch=c000003e syscall=999999"}}.decoded).action == kUnknownAction);
  CHECK(summarise(EventOf{{type::kSyscall, "arch=1 syscall=1"}}.decoded).action == kUnknownAction);
  CHECK(summarise(EventOf{{type::kSeccomp, "sig=31"}}.decoded).action == "violated-seccomp-policy");
  CHECK(summarise(EventOf{{1318, "opid=1"}}.decoded).action == "obj_pid");
}

TEST_CASE("a call without a verb of its own is called by its name") {
  CHECK(syscall_action(tables::kArchX86_64, 39) == "getpid");
  CHECK(syscall_action(tables::kArchX86_64, 59) == "executed");
  CHECK(syscall_action(tables::kArchI386, 11) == "executed");
  CHECK(syscall_action(tables::kArchAarch64, 221) == "executed");
}

}  // namespace
}  // namespace naudit::interpret
