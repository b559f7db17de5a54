// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary/object_of_call.hpp"

#include <memory>
#include <string>

#include "tables/record_types.hpp"
#include "tests/interpret/summary_words.hpp"
#include "tests/support/catch.hpp"

namespace naudit::interpret {
namespace {

namespace type = tables::type;

// A call of x86_64, with its result, a CWD and these records.
std::unique_ptr<EventOf> call(int number, const std::string& arguments,
                              std::initializer_list<std::pair<std::uint16_t, std::string>> records = {},
                              const char* success = "yes") {
  auto of = std::make_unique<EventOf>(EventOf::Records{});
  of->event.append(type::kSyscall,
                   "audit(1.000:2): arch=c000003e syscall=" + std::to_string(number) + " success=" + success +
                       " exit=77 " + arguments + R"( pid=9 uid=0 comm="prog" exe="/bin/prog")",
                   16);
  of->event.append(type::kCwd, R"(audit(1.000:2): cwd="/home/jo")", 16);
  for (const auto& [type, body] : records) of->event.append(type, "audit(1.000:2): " + body, 16);
  of->decoded.decode(of->event);
  return of;
}

const std::string kHere = "a0=ffffff9c a1=1 a2=0 a3=0";

TEST_CASE("what was acted on, by call") {
  struct Row {
    std::unique_ptr<EventOf> event;
    std::string action, object;
  };
  const std::uint16_t path = type::kPath;
  const Row rows[] = {
      // Files.
      {call(257, kHere, {{path, R"(name="a/./b/../c//d" nametype=NORMAL)"}}), "opened-file",
       "file path=/home/jo/a/c/d access=read"},
      {call(257, "a0=5 a1=1 a2=1 a3=0", {{path, R"(name="x" nametype=NORMAL)"}}), "opened-file",
       "file path=x relative dirfd=5 access=write"},
      {call(257, "a0=5 a1=1 a2=2 a3=0", {{path, R"(name="/x" nametype=NORMAL)"}}), "opened-file",
       "file path=/x access=read-write"},
      {call(2, "a0=1 a1=241 a2=1b6 a3=0",
            {{path, R"(name="/d" mode=040755 nametype=PARENT)"}, {path, R"(name="new" nametype=CREATE)"}}),
       "opened-file", "file path=/home/jo/new created access=write"},
      {call(437, kHere,
            {{path, R"(name="/etc" mode=040755 nametype=NORMAL)"}, {1337, "oflag=02200000 mode=0 resolve=0"}}),
       "opened-file", "directory path=/etc access=read"},
      {call(85, "a0=1", {{path, R"(name="/x" nametype=NORMAL)"}}), "opened-file", "file path=/x access=write"},
      {call(304, "a0=3 a1=1 a2=0", {{path, R"(name=(null) inode=131 dev=fd:00 mode=0100644 nametype=NORMAL)"}}),
       "opened-file", "file inode=131 device=fd:00 access=read"},
      {call(90, "a0=1 a1=1ed", {{path, R"(name="/x" nametype=NORMAL)"}}), "changed-file-permissions-of",
       "file path=/x mode=0755"},
      {call(260, "a0=ffffff9c a1=1 a2=3e8 a3=ffffffff", {{path, R"(name="/x" nametype=NORMAL)"}}),
       "changed-file-ownership-of", "file path=/x owner=1000"},
      {call(93, "a0=3 a1=ffffffff a2=0", {{path, R"(name="/x" nametype=NORMAL)"}}), "changed-file-ownership-of",
       "file path=/x owner_group=0"},
      {call(83, "a0=1", {{path, R"(name="/d" nametype=PARENT)"}, {path, R"(name="/d/e" mode=040755 nametype=CREATE)"}}),
       "created-directory", "directory path=/d/e"},
      {call(87, "a0=1", {{path, R"(name="/d" mode=040755 nametype=PARENT)"}}, "no"), "deleted", "directory path=/d"},
      {call(133, "a0=1 a1=1180", {{path, R"(name="/run/p" mode=010600 nametype=CREATE)"}}), "made-fifo",
       "fifo path=/run/p"},
      {call(133, "a0=1 a1=2190", {{path, R"(name="/dev/c" nametype=CREATE)"}}), "made-character-device",
       "character-device path=/dev/c"},
      {call(259, "a0=ffffff9c a1=1 a2=61b0", {{path, R"(name="/dev/b" nametype=CREATE)"}}), "made-block-device",
       "block-device path=/dev/b"},
      // Two names.
      {call(82, "",
            {{path, R"(name="/d/" nametype=PARENT)"},
             {path, R"(name="/d/" nametype=PARENT)"},
             {path, R"(name="old" nametype=DELETE)"},
             {path, R"(name="/d/new" nametype=CREATE)"}}),
       "renamed", "file path=/d/new old_path=/home/jo/old"},
      {call(82, "",
            {{path, R"(name="/d/old" nametype=DELETE)"},
             {path, R"(name="/d/new" nametype=DELETE)"},
             {path, R"(name="/d/new" nametype=CREATE)"}}),
       "renamed", "file path=/d/new old_path=/d/old"},
      {call(264, "a0=4 a1=1 a2=ffffff9c a3=1",
            {{path, R"(name="old" nametype=DELETE)"}, {path, R"(name="new" nametype=CREATE)"}}),
       "renamed", "file path=/home/jo/new old_path=old old_relative old_dirfd=4"},
      {call(86, "",
            {{path, R"(name="/a" nametype=NORMAL)"},
             {path, R"(name="/" nametype=PARENT)"},
             {path, R"(name="/b" nametype=CREATE)"}}),
       "linked", "file path=/b old_path=/a"},
      {call(88, "",
            {{path, R"(name="../up" nametype=UNKNOWN)"},
             {path, R"(name="/" nametype=PARENT)"},
             {path, R"(name="/l" mode=0120777 nametype=CREATE)"}}),
       "symlinked", "symlink path=/l target=../up"},
      {call(165, "",
            {{path, R"(name="/mnt" mode=040755 nametype=NORMAL)"},
             {path, R"(name="/dev/sdb1" mode=060660 nametype=NORMAL)"}}),
       "mounted", "directory path=/mnt source=/dev/sdb1"},
      {call(429, kHere,
            {{path, R"(name="/from" nametype=NORMAL)"}, {path, R"(name="/to" mode=040755 nametype=NORMAL)"}}),
       "mounted", "directory path=/to source=/from"},
      // Programs.
      {call(59, "", {{path, R"(name="run.sh" nametype=NORMAL)"}, {path, R"(name="/bin/bash" nametype=NORMAL)"}}),
       "executed", "file path=/home/jo/run.sh"},
      {call(59, ""), "executed", "file path=/bin/prog"},
      // Sockets.
      {call(42, "", {{type::kSockaddr, "saddr=020000500A0000010000000000000000"}}), "connected-to",
       "socket address=10.0.0.1:80"},
      {call(49, "", {{type::kSockaddr, "saddr=0A000016000000000000000000000000000000000000000100000000"}}),
       "bound-socket", "socket address=[::1]:22"},
      {call(42, "", {{type::kSockaddr, "saddr=01002F72756E2F782E736F636B00"}}), "connected-to",
       "socket address=/run/x.sock"},
      {call(43, "", {{type::kSockaddr, "saddr=0100006162"}}), "accepted-connection-from", "socket address=@ab"},
      {call(41, "a0=2 a1=1 a2=6"), "created-socket", "socket"},
      // Processes.
      {call(62, "a0=4d a1=f", {{type::kObjPid, R"(opid=77 oauid=0 ocomm="sleep")"}}), "killed-pid",
       "process pid=77 name=sleep signal=SIGTERM"},
      {call(62, "a0=fffffffffffffffb a1=9",
            {{type::kObjPid, R"(opid=77 ocomm="a")"}, {type::kObjPid, R"(opid=78 ocomm="b")"}}),
       "killed-list-of-pids", "process pid=77 name=a pids=77 78 signal=SIGKILL"},
      {call(62, "a0=4d a1=0", {}, "no"), "checked-existence-of", "process pid=77"},
      {call(234, "a0=4d a1=4e a2=9", {}, "no"), "killed-pid", "process pid=78 signal=SIGKILL"},
      {call(101, "a0=10 a1=4d", {{type::kObjPid, R"(opid=77 ocomm="gdb")"}}), "attached-to-process",
       "process pid=77 name=gdb"},
      {call(101, "a0=5 a1=4d"), "wrote-memory-of", "process pid=77"},
      {call(101, "a0=4206 a1=4d"), "attached-to-process", "process pid=77"},
      {call(101, "a0=4200 a1=4d"), "traced-process", "process pid=77"},
      {call(310, "a0=4d"), "read-memory-of", "process pid=77"},
      {call(56, "a0=11"), "created-process", "process pid=77"},
      {call(105, "a0=3e8"), "changed-identity-of", "process name=prog pid=9 new_id=1000"},
      {call(117, "a0=ffffffff a1=0 a2=ffffffff"), "changed-identity-of", "process name=prog pid=9 new_id=0"},
      {call(106, "a0=5"), "changed-identity-of", "process name=prog pid=9 new_gid=5"},
      {call(272, "a0=10000000"), "created-namespace", "process name=prog pid=9"},
      {call(9, ""), "allocated-memory-in", "memory name=prog pid=9"},
      // The machine.
      {call(313, "a0=3", {{type::kKernModule, R"(name="nft")"}}), "loaded-kernel-module", "kernel-module name=nft"},
      {call(176, "", {{type::kKernModule, R"(name="nft")"}}), "unloaded-kernel-module", "kernel-module name=nft"},
      {call(321, "a0=5"), "loaded-bpf-program", "bpf"},
      {call(321, "a0=2"), "changed-bpf-map", "bpf"},
      {call(321, "a0=63"), "used-bpf", "bpf"},
      {call(320, ""), "loaded-kernel", "system"},
      {call(459, "a0=64"), "retrieved-security-attr-of", "security-modules"},
      // Of calls without a verb, whatever the records name.
      {call(133 + 1000, "", {{path, R"(name="/x" nametype=NORMAL)"}}), "triggered-audit-rule", "file path=/x"},
  };
  for (const Row& row : rows) {
    INFO(row.action << ": " << row.object);
    CHECK(action_of(*row.event) == row.action);
    CHECK(object_of(*row.event) == row.object);
  }
}

TEST_CASE("i386 has one call for all of sockets, and io_uring tells no directory") {
  const EventOf connect{{type::kSyscall, "arch=40000003 syscall=102 success=yes a0=3 a1=1"},
                        {type::kSockaddr, "saddr=020000500A0000010000000000000000"}};
  CHECK(action_of(connect) == "connected-to");
  CHECK(object_of(connect) == "socket address=10.0.0.1:80");
  const EventOf uring{{type::kUringop, "uring_op=18 success=yes exit=5 items=1 pid=9 uid=0"},
                      {type::kCwd, R"(cwd="/home")"},
                      {type::kPath, R"(name="x" nametype=NORMAL)"}};
  CHECK(action_of(uring) == "opened-file");
  CHECK(object_of(uring) == "file path=x relative");
  CHECK(action_of(EventOf{{type::kUringop, "uring_op=26 success=yes"}}) == "sent-to");
  CHECK(action_of(EventOf{{type::kUringop, "uring_op=54 success=yes"}}) == "fixed_fd_install");
  CHECK(action_of(EventOf{{type::kUringop, "uring_op=250 success=yes"}}) == kUnknownAction);
}

TEST_CASE("more parts than there is room for are left out") {
  Summary summary;
  for (std::size_t i = 0; i < 2 * summary.parts.size(); ++i) summary.add({.part = Part::kName});
  CHECK(summary.object().size() == summary.parts.size());
}

TEST_CASE("a name that was cut off is not the current directory") {
  const std::string open = "arch=c000003e syscall=304 success=yes exit=3 a0=3 a1=7f a2=2 pid=9";
  CHECK(object_of(EventOf{{type::kSyscall, open}, {type::kCwd, R"(cwd="/srv")"}, {type::kPath, "item=0 name="}}) ==
        "file access=read-write");
  CHECK(object_of(EventOf{
            {type::kSyscall, open}, {type::kCwd, R"(cwd="/srv")"}, {type::kPath, "item=0 name=(null) inode=7"}}) ==
        "file inode=7 access=read-write");
  CHECK(
      object_of(EventOf{{type::kSyscall, open}, {type::kCwd, R"(cwd="/srv")"}, {type::kPath, R"(item=0 name="a")"}}) ==
      "file path=/srv/a access=read-write");
}

TEST_CASE("PATH records go by their numbers, in whatever order they come") {
  const auto call = [](int number) {
    return "arch=c000003e syscall=" + std::to_string(number) +
           R"( success=yes exit=0 a0=1 a1=2 pid=9 comm="x" exe="/x")";
  };
  const std::string first = R"(item=0 name="/opt/run" mode=0100755 nametype=NORMAL)";
  const std::string second = R"(item=1 name="/lib/ld.so" mode=0100755 nametype=NORMAL)";
  CHECK(object_of(EventOf{{type::kPath, second}, {type::kPath, first}, {type::kSyscall, call(59)}}) ==
        "file path=/opt/run");
  CHECK(object_of(EventOf{{type::kSyscall, call(59)}, {type::kPath, first}, {type::kPath, second}}) ==
        "file path=/opt/run");
  // Without the first, the interpreter is not the file.
  CHECK(object_of(EventOf{{type::kSyscall, call(59)}, {type::kPath, second}}) == "file path=/x");
  // mount: the mount point, then what is mounted.
  const std::string point = R"(item=0 name="/mnt" mode=040755 nametype=NORMAL)";
  const std::string device = R"(item=1 name="/dev/sdb1" mode=060660 nametype=NORMAL)";
  CHECK(object_of(EventOf{{type::kPath, device}, {type::kPath, point}, {type::kSyscall, call(165)}}) ==
        "directory path=/mnt source=/dev/sdb1");
  // rename onto a file that is there: both names go, the old one first.
  CHECK(object_of(EventOf{{type::kPath, R"(item=4 name="/new" mode=0100644 nametype=CREATE)"},
                          {type::kPath, R"(item=3 name="/new" mode=0100644 nametype=DELETE)"},
                          {type::kPath, R"(item=2 name="/old" mode=0100644 nametype=DELETE)"},
                          {type::kPath, R"(item=1 name="/" mode=040755 nametype=PARENT)"},
                          {type::kPath, R"(item=0 name="/" mode=040755 nametype=PARENT)"},
                          {type::kSyscall, call(82)}}) == "file path=/new old_path=/old");
}

}  // namespace
}  // namespace naudit::interpret
