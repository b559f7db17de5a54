// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string_view>

namespace naudit::tables {

// Numbers that stand for one thing each, in arguments of system calls and in fields. Names as ausearch -i prints them;
// the numbers are the kernel's (tools/generate-tables names the headers). Constant data, any thread.
enum class Constants : std::uint8_t {
  kBpfCommand,
  kCapability,  // "net_admin"
  kClock,
  kEpollOperation,
  kFcntlCommand,
  kFilterList,  // "exit": the rule lists of linux/audit.h
  kIpProtocol,  // "tcp"
  kNetfilterFamily,
  kPersonality,  // of the low byte
  kPrctlOption,
  kPtraceRequest,  // those above 11 and below 0x4200 as on x86
  kResourceLimit,
  kScheduler,
  kSeekOrigin,
  kSignal,
  kSocketLevel,  // SOL_*, or the IP protocol
  kSocketType,   // without SOCK_NONBLOCK and SOCK_CLOEXEC
};

// Empty if unknown.
std::string_view constant_name(Constants kind, std::uint64_t number) noexcept;

// "kill", "errno" … for the code of a SECCOMP record (linux/seccomp.h; its low half is data); empty if unknown.
std::string_view seccomp_action_name(std::uint32_t code) noexcept;

}  // namespace naudit::tables
