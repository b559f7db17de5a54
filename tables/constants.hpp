// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "tables/arch.hpp"
#include "tables/name_table.hpp"

namespace naudit::tables {

// Numbers that stand for one thing each, in arguments of system calls and in fields. Names as ausearch -i prints them;
// the numbers are the kernel's (tools/generate-tables names the headers). Constant data, any thread.
enum class Constants : std::uint8_t {
  kAlgorithmOption,
  kArchPrctl,  // of x86 only
  kAuditEnabled,
  kAuditFailure,  // what the kernel does when it cannot log
  kBluetoothProtocol,
  kBpfCommand,
  kCanProtocol,
  kCapability,         // "net_admin"
  kCapabilityAmbient,  // PR_CAP_AMBIENT_*
  kClock,
  kEpollOperation,
  kEthernetProtocol,  // ETH_P_*, in the order of the host
  kFanotifyInfo,
  kFanotifyResponse,
  kFanotifyTrust,
  kFcntlCommand,
  kFileAdvice,
  kFilterList,  // "exit": the rule lists of linux/audit.h
  kFsconfigCommand,
  kFutexOperation,  // without its flags
  kIcmpType,
  kIntervalTimer,
  kIoPriorityClass,
  kIoPriorityWho,
  kIoctlRequest,
  kIp6TablesGet,
  kIp6TablesSet,
  kIpOption,
  kIpProtocol,   // "tcp"
  kIpTablesGet,  // netfilter's options at the level of IP
  kIpTablesSet,
  kIpcCall,  // "shmget": what the call ipc does
  kIpv6Option,
  kKcmpType,
  kKeyctlCommand,
  kKeyring,  // the special ones, KEY_SPEC_*
  kKeyringDefault,
  kLandlockRule,
  kLockType,  // of a lease
  kLsmAttribute,
  kMachineCheckEarly,
  kMachineCheckPolicy,
  kMembarrierCommand,
  kMemoryAdvice,
  kMemoryMap,
  kMemoryPolicy,  // without its flags
  kMessageQueueCommand,
  kMptcpOption,
  kNetfilterAction,  // of the target AUDIT of xtables
  kNetfilterFamily,
  kNetfilterHook,
  kNetlinkGroup,  // of NETLINK_AUDIT
  kNetlinkOption,
  kNetlinkProtocol,
  kPacketOption,
  kPersonality,  // of the low byte
  kPrctlOption,
  kPriorityWho,
  kProcessIdType,
  kPtraceRequest,  // of x86; constant_name takes that of the arch
  kPtraceRequestAarch64,
  kPtraceRequestArm,
  kPtraceRequestPpc,
  kPtraceRequestRiscv,
  kPtraceRequestS390,
  kQuotaCommand,  // without the type
  kQuotaType,
  kRebootCommand,
  kRebootMagic,
  kRegisterSet,
  kResourceLimit,
  kResourceUsage,
  kScheduler,
  kSchedulerCore,
  kSctpOption,
  kSeccompMode,
  kSeccompOperation,
  kSeekOrigin,
  kSemaphoreCommand,
  kSharedMemoryCommand,
  kShutdownHow,
  kSignal,
  kSignalHow,
  kSocketCall,    // "socket": what the call socketcall does
  kSocketLevel,   // SOL_*, or the IP protocol
  kSocketOption,  // SO_*; constant_name takes that of the arch
  kSocketOptionPpc,
  kSocketType,  // without SOCK_NONBLOCK and SOCK_CLOEXEC
  kSpeculation,
  kSpeculationControl,
  kSyslogAction,
  kTcpOption,
  kTimeStampCounter,
  kTipcOption,
  kTlsOption,
  kUdpOption,
  kUringRegister,
  kUserDumpable,  // of PR_SET_DUMPABLE
  kVsockOption,
  kXdpOption,
};

// Empty if unknown, or unknown on that arch.
std::string_view constant_name(Constants kind, std::uint64_t number, ArchWord arch = kArchX86_64) noexcept;

// The whole table, sorted by number. Of kSocketLevel only SOL_*.
std::span<const NameRow> constant_rows(Constants kind) noexcept;

// "kill-process", "errno" … for the code of a SECCOMP record (linux/seccomp.h; its low half is data); empty if unknown.
std::string_view seccomp_action_name(std::uint32_t code) noexcept;

}  // namespace naudit::tables
