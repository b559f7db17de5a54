// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary/summary.hpp"

#include "interpret/summary/call_actions.hpp"
#include "tables/record_types.hpp"
#include "tests/interpret/summary_words.hpp"
#include "tests/support/catch.hpp"

namespace naudit::interpret {
namespace {

namespace type = tables::type;

TEST_CASE("a call says who did what to which file, and how") {
  const EventOf of{
      {type::kSyscall,
       R"(arch=c000003e syscall=257 success=no exit=-13 a0=ffffff9c a1=7 a2=0 a3=0 ppid=8 pid=9 auid=1000 )"
       R"(uid=0 tty=pts0 ses=3 comm="cat" exe="/bin/cat")"},
      {type::kCwd, R"(cwd="/home/jo")"},
      {type::kPath, R"(item=0 name="notes" mode=0100600 nametype=NORMAL)"}};
  const Summary summary = summarise(of.decoded);
  CHECK(summary.action == "opened-file");
  CHECK(summary.kind == EventKind::kAuditRule);
  CHECK(summary.success == false);
  CHECK(summary.subject_kind == SubjectKind::kPrivileged);
  CHECK(summary.auid->value == "1000");
  CHECK(summary.uid->value == "0");
  CHECK(summary.session->value == "3");
  CHECK(summary.ppid->value == "8");
  CHECK(summary.pid->value == "9");
  CHECK(summary.comm->value == "cat");
  CHECK(summary.terminal->value == "pts0");
  CHECK(summary.exit->value == "-13");
  CHECK(summary.how->value == "/bin/cat");
  CHECK(summary.claimed == 0);
  CHECK(object_of(of) == "file path=/home/jo/notes access=read");
}

TEST_CASE("a subject's kind goes by the user's number") {
  const auto kind = [](const std::string& body) {
    return summarise(EventOf{{type::kSyscall, "arch=c000003e syscall=2 " + body}}.decoded).subject_kind;
  };
  CHECK(kind("auid=1000 uid=0") == SubjectKind::kPrivileged);
  CHECK(kind("auid=1000 uid=999") == SubjectKind::kService);
  CHECK(kind("auid=0 uid=1000") == SubjectKind::kUser);
  CHECK(kind("uid=59999") == SubjectKind::kUser);
  CHECK(kind("uid=60000") == SubjectKind::kUnknown);
  CHECK(kind("uid=4294967295") == SubjectKind::kUnset);
  CHECK(kind("auid=1000") == SubjectKind::kUser);
  CHECK(kind("pid=5") == SubjectKind::kUnknown);
  CHECK(kind("") == SubjectKind::kUnknown);
  CHECK(summarise(EventOf{{1201, "op=x uid=0"}}.decoded).subject_kind == SubjectKind::kAuditDaemon);
}

TEST_CASE("what a program claims stands only where the kernel says nothing, and is told apart") {
  const EventOf login{{1112, R"(pid=1 uid=0 auid=5 ses=2 msg='op=login acct="jo" exe="/usr/sbin/sshd" uid=7 ses=9 )"
                             R"(hostname=h addr=10.0.0.9 terminal=ssh res=failed')"}};
  const Summary summary = summarise(login.decoded);
  CHECK(summary.action == "logged-in");
  CHECK(summary.kind == EventKind::kUserLogin);
  CHECK(summary.success == false);
  CHECK(summary.uid->value == "0");
  CHECK(summary.session->value == "2");
  CHECK(summary.how->value == "/usr/sbin/sshd");
  CHECK(summary.address->value == "10.0.0.9");
  CHECK(summary.claimed == (claim::kOutcome | claim::kHow | claim::kTerminal | claim::kAddress | claim::kHost));
  CHECK(object_of(login) == "user-session name?=jo operation?=login");

  // What the kernel says outside of msg='…' is never replaced.
  const EventOf liar{{1112, R"(pid=1 uid=0 exe="/bin/real" msg='exe="/bin/fake" hostname=? addr=? terminal=(none)')"}};
  const Summary honest = summarise(liar.decoded);
  CHECK(honest.how->value == "/bin/real");
  CHECK(honest.claimed == 0);
  CHECK(honest.address == nullptr);
  CHECK(honest.terminal == nullptr);
}

TEST_CASE("an event is about the record that stands for itself, wherever it is") {
  constexpr char kCall[] = "arch=c000003e syscall=257 success=yes pid=9 uid=1000";
  const EventOf before{{type::kAvc, "avc:  denied  { read } for  tclass=file"}, {type::kSyscall, kCall}};
  const EventOf after{{type::kSyscall, kCall}, {type::kAvc, "avc:  denied  { read } for  tclass=file"}};
  for (const EventOf* const of : {&before, &after}) {
    const Summary summary = summarise(of->decoded);
    CHECK(summary.kind == EventKind::kMacDecision);
    CHECK(summary.action == "was-denied");
    CHECK(summary.pid->value == "9");
    CHECK(summary.success == true);
  }
}

TEST_CASE("a new login id: who changed it, and to whom") {
  for (const char* const body : {"pid=1 uid=0 old-auid=4294967295 auid=1000 tty=(none) old-ses=4294967295 ses=4 res=1",
                                 "login pid=1 uid=0 old auid=4294967295 new auid=1000 old ses=4294967295 new ses=4"}) {
    INFO(body);
    const EventOf login{{type::kLogin, body}, {type::kSyscall, "arch=c000003e syscall=1 auid=1000 uid=0 ses=4"}};
    const Summary summary = summarise(login.decoded);
    CHECK(summary.action == "changed-login-id-to");
    CHECK(summary.auid->value == "4294967295");
    CHECK(summary.session->value == "4");
    CHECK(object_of(login) == "user-session id=1000");
  }
}

TEST_CASE("the account that a login is about, where only its number is told") {
  const auto object = [](std::uint16_t record, const std::string& claim) {
    return object_of(EventOf{{record, "pid=7 uid=0 auid=4294967295 ses=4294967295 msg='" + claim + " res=failed'"}});
  };
  for (const std::uint16_t record : {type::kUserLogin, type::kUserLogout, type::kAnomLoginFailures})
    CHECK(object(record, R"(uid=1004 exe="/usr/libexec/gdm-session-worker")") == "user-session id?=1004");
  CHECK(object(type::kRespAcctLock, "pam_faillock uid=1004") == "account id?=1004");
  CHECK(object(type::kUserLogin, "op=login id=1004 uid=0") == "user-session id?=1004 operation?=login");
  // Beside a name it may be the number of whoever asked.
  CHECK(object(type::kUserLogin, R"(op=login acct="eva" uid=0)") == "user-session name?=eva operation?=login");
}

TEST_CASE("a type that nobody knows is called as the log calls it") {
  correlate::Event event;
  event.append(0, "audit(1.000:2): a=1", 16, "FUTURE_THING");
  DecodedEvent decoded;
  decoded.decode(event);
  const Summary summary = summarise(decoded);
  CHECK(summary.action == "FUTURE_THING");
  CHECK(summary.action_is_name);
}

TEST_CASE("every event has an action") {
  CHECK(action_of(EventOf{}) == "unknown");
  CHECK(action_of(EventOf{{0, "a=1"}}) == "unknown");
  CHECK(action_of(EventOf{{4000, "a=1"}}) == "unknown");
  CHECK(action_of(EventOf{{1199, "msg='op=x'"}}) == "unknown_1199");
  CHECK(action_of(EventOf{{1498, "a=1"}}) == "unknown_1498");
  CHECK(summarise(EventOf{{1498, "a=1"}}.decoded).action_is_name);
  CHECK(action_of(EventOf{{type::kSyscall, "arch=c000003e syscall=999999"}}) == kUnknownAction);
  CHECK(action_of(EventOf{{type::kSyscall, "arch=1 syscall=1"}}) == kUnknownAction);
  CHECK(action_of(EventOf{{type::kSyscall, "arch=c000003e syscall=39"}}) == "getpid");
  CHECK(action_of(EventOf{{type::kObjPid, "opid=1"}}) == "obj_pid");
  CHECK(summarise(EventOf{{type::kObjPid, "opid=1"}}.decoded).action_is_name);
}

}  // namespace
}  // namespace naudit::interpret
