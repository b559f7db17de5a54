// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tables/constants.hpp"

#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/prctl.h>
#include <linux/ptrace.h>
#include <sys/resource.h>

#include <csignal>
#include <set>
#include <string>

#include "tests/support/catch.hpp"

namespace naudit::tables {
namespace {

TEST_CASE("constants have the names that ausearch -i prints") {
  CHECK(constant_name(Constants::kSignal, SIGKILL) == "SIGKILL");
  CHECK(constant_name(Constants::kSignal, 0) == "SIG0");
  CHECK(constant_name(Constants::kSignal, SIGPWR) == "SIGPWR");
  CHECK(constant_name(Constants::kSignal, SIGIO) == "SIGIO");
  CHECK(constant_name(Constants::kSignal, SIGABRT) == "SIGABRT");
  CHECK(constant_name(Constants::kFcntlCommand, F_SETFD) == "F_SETFD");
  CHECK(constant_name(Constants::kFcntlCommand, 1033) == "F_ADD_SEALS");
  CHECK(constant_name(Constants::kPrctlOption, PR_SET_NAME) == "PR_SET_NAME");
  CHECK(constant_name(Constants::kPrctlOption, PR_CAP_AMBIENT) == "PR_CAP_AMBIENT");
  CHECK(constant_name(Constants::kPrctlOption, PR_SET_PTRACER) == "PR_SET_PTRACER");
  CHECK(constant_name(Constants::kPrctlOption, PR_SET_VMA) == "PR_SET_VMA");
  CHECK(constant_name(Constants::kPtraceRequest, 0) == "PTRACE_TRACEME");
  CHECK(constant_name(Constants::kPtraceRequest, 3) == "PTRACE_PEEKUSER");
  CHECK(constant_name(Constants::kPtraceRequest, 30) == "PTRACE_ARCH_PRCTL");
  CHECK(constant_name(Constants::kPtraceRequest, PTRACE_SEIZE) == "PTRACE_SEIZE");
  CHECK(constant_name(Constants::kResourceLimit, RLIMIT_NOFILE) == "RLIMIT_NOFILE");
  CHECK(constant_name(Constants::kBpfCommand, BPF_PROG_LOAD) == "BPF_PROG_LOAD");
  CHECK(constant_name(Constants::kBpfCommand, BPF_PROG_BIND_MAP) == "BPF_PROG_BIND_MAP");
  CHECK(constant_name(Constants::kCapability, CAP_NET_ADMIN) == "net_admin");
  CHECK(constant_name(Constants::kCapability, CAP_LAST_CAP) == "checkpoint_restore");
  CHECK(constant_name(Constants::kScheduler, 0) == "SCHED_OTHER");
  CHECK(constant_name(Constants::kClock, 1) == "CLOCK_MONOTONIC");
  CHECK(constant_name(Constants::kEpollOperation, 3) == "EPOLL_CTL_MOD");
  CHECK(constant_name(Constants::kSeekOrigin, 2) == "SEEK_END");
  CHECK(constant_name(Constants::kPersonality, 8) == "PER_LINUX32");
  CHECK(constant_name(Constants::kSocketType, 5) == "SOCK_SEQPACKET");
  CHECK(constant_name(Constants::kSocketLevel, 1) == "SOL_SOCKET");
  CHECK(constant_name(Constants::kSocketLevel, 270) == "SOL_NETLINK");
  CHECK(constant_name(Constants::kSocketLevel, 6) == "tcp");
  CHECK(constant_name(Constants::kSocketLevel, 257) == "SOL_AX25");
  CHECK(constant_name(Constants::kIpProtocol, 0) == "ip");
  CHECK(constant_name(Constants::kIpProtocol, 58) == "ipv6-icmp");
  CHECK(constant_name(Constants::kFilterList, 4) == "exit");
  CHECK(constant_name(Constants::kNetfilterFamily, 7) == "bridge");
}

constexpr int kLast = static_cast<int>(Constants::kXdpOption);

TEST_CASE("a number without a name has none") {
  for (int kind = 0; kind <= kLast; ++kind) {
    INFO("table " << kind);
    CHECK(constant_name(static_cast<Constants>(kind), 0x7FFFFFFF).empty());
    CHECK(constant_name(static_cast<Constants>(kind), 0x100000001).empty());
    CHECK(constant_name(static_cast<Constants>(kind), 20000).empty());
  }
  CHECK(constant_name(Constants::kSignal, 34).empty());
  CHECK(constant_name(Constants::kPrctlOption, 0).empty());
}

TEST_CASE("each number of each table is found, by one name only") {
  for (int kind = 0; kind <= kLast; ++kind) {
    INFO("table " << kind);
    const auto rows = constant_rows(static_cast<Constants>(kind));
    CHECK(rows.size() >= 2);
    std::set<std::string_view> names;
    for (const NameRow& row : rows) {
      names.emplace(row.name);
      CHECK(row.name.find_first_of(" |\"") == std::string_view::npos);
    }
    CHECK(names.size() == rows.size());
  }
}

// The tables of audit 4.2 have this many (without duplicates that it has for several arches in one table).
TEST_CASE("no table is shorter than audit's own") {
  const auto size = [](Constants kind) { return constant_rows(kind).size(); };
  CHECK(size(Constants::kCapability) >= 41);
  CHECK(size(Constants::kSocketType) >= 7);
  CHECK(size(Constants::kSocketCall) >= 20);
  CHECK(size(Constants::kSocketLevel) + size(Constants::kIpProtocol) >= 39);
  CHECK(size(Constants::kSocketOption) >= 83);
  CHECK(size(Constants::kIpOption) + size(Constants::kIpTablesGet) + size(Constants::kIpTablesSet) >= 49);
  CHECK(size(Constants::kIpv6Option) + size(Constants::kIp6TablesGet) + size(Constants::kIp6TablesSet) >= 69);
  CHECK(size(Constants::kTcpOption) >= 42);
  CHECK(size(Constants::kPacketOption) >= 23);
  CHECK(size(Constants::kSignal) >= 32);
  CHECK(size(Constants::kPtraceRequest) >= 43);
  CHECK(size(Constants::kPrctlOption) >= 66);
  CHECK(size(Constants::kFcntlCommand) >= 31);
  CHECK(size(Constants::kSeekOrigin) >= 5);
  CHECK(size(Constants::kResourceLimit) >= 16);
  CHECK(size(Constants::kScheduler) >= 6);
  CHECK(size(Constants::kIpcCall) >= 13);
  CHECK(size(Constants::kSharedMemoryCommand) >= 3);
  CHECK(size(Constants::kEpollOperation) >= 3);
  CHECK(size(Constants::kClock) >= 12);
  CHECK(size(Constants::kBpfCommand) >= 36);
  CHECK(size(Constants::kFsconfigCommand) >= 9);
  CHECK(size(Constants::kIoctlRequest) >= 32);
}

TEST_CASE("some tables are another one on another arch") {
  CHECK(constant_name(Constants::kPtraceRequest, 12) == "PTRACE_GETREGS");
  CHECK(constant_name(Constants::kPtraceRequest, 12, kArchAarch64).empty());
  CHECK(constant_name(Constants::kPtraceRequest, 12, kArchPpc64le) == "PTRACE_GETREGS");
  CHECK(constant_name(Constants::kPtraceRequest, 33, kArchAarch64) == "PTRACE_PEEKMTETAGS");
  CHECK(constant_name(Constants::kSocketOption, 16) == "SO_PASSCRED");
  CHECK(constant_name(Constants::kSocketOption, 16, kArchPpc64) == "SO_RCVLOWAT");
  CHECK(constant_name(Constants::kIoctlRequest, 0x5401) == "TCGETS");
  CHECK(constant_name(Constants::kIoctlRequest, 0x80045430) == "TIOCGPTN");
  CHECK(constant_name(Constants::kIoctlRequest, 0x40045430, kArchPpc) == "TIOCGPTN");
  CHECK(constant_name(Constants::kIoctlRequest, 0x80045431, kArchPpc64le) == "TIOCSPTLCK");
  CHECK(constant_name(Constants::kIoctlRequest, 0x2000ae01, kArchPpc64le) == "KVM_CREATE_VM");
  CHECK(constant_name(Constants::kArchPrctl, 0x1002) == "ARCH_SET_FS");
  CHECK(constant_name(Constants::kArchPrctl, 0x1002, kArchS390x).empty());
}

TEST_CASE("seccomp actions are told by the upper half of the code") {
  CHECK(seccomp_action_name(0) == "kill-thread");
  CHECK(seccomp_action_name(0x80000000) == "kill-process");
  CHECK(seccomp_action_name(0x00030000) == "trap");
  CHECK(seccomp_action_name(0x00050001) == "errno");
  CHECK(seccomp_action_name(0x7FC00000) == "user-notify");
  CHECK(seccomp_action_name(0x7FF00000) == "trace");
  CHECK(seccomp_action_name(0x7FFC0000) == "log");
  CHECK(seccomp_action_name(0x7FFF0000) == "allow");
  CHECK(seccomp_action_name(0x00060000).empty());
}

}  // namespace
}  // namespace naudit::tables
