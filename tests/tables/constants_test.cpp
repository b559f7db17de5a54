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

TEST_CASE("a number without a name has none") {
  for (int kind = 0; kind <= static_cast<int>(Constants::kSocketType); ++kind) {
    CHECK(constant_name(static_cast<Constants>(kind), 0xFFFFFFFF).empty());
    CHECK(constant_name(static_cast<Constants>(kind), 0x100000001).empty());
    CHECK(constant_name(static_cast<Constants>(kind), 20000).empty());
  }
  CHECK(constant_name(Constants::kSignal, 34).empty());
  CHECK(constant_name(Constants::kPrctlOption, 0).empty());
}

TEST_CASE("every table is sorted, so that each of its numbers is found, by one name only") {
  for (int kind = 0; kind <= static_cast<int>(Constants::kSocketType); ++kind) {
    std::set<std::string> names;
    std::size_t known = 0;
    for (std::uint64_t number = 0; number < 20000; ++number) {
      const std::string_view name = constant_name(static_cast<Constants>(kind), number);
      if (name.empty()) continue;
      ++known;
      names.emplace(name);
    }
    INFO("table " << kind);
    CHECK(known >= 3);
    CHECK(names.size() == known);
  }
}

TEST_CASE("seccomp actions are told by the upper half of the code") {
  CHECK(seccomp_action_name(0) == "kill");
  CHECK(seccomp_action_name(0x80000000) == "kill");
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
