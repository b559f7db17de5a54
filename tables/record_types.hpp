// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace naudit::tables {

// The names of record types, as auditd prints them ("SYSCALL"); linux/audit.h and the user-space ranges of libaudit.
// Constant data, any thread.

// Empty if the number has no name.
std::string_view record_type_name(std::uint16_t type) noexcept;
// "syscall": the lower-case form that is a key of the native event. Empty if the number has no name.
std::string_view record_type_key(std::uint16_t type) noexcept;
// The number of "SYSCALL" (any case), of "UNKNOWN[1425]" and of "1425".
std::optional<std::uint16_t> record_type(std::string_view name) noexcept;
// The name, or "UNKNOWN[n]".
std::string record_type_text(std::uint16_t type);

// Every type that has a name, as a constant: USER_AUTH is type::kUserAuth. And marks of ranges (linux/audit.h).
namespace type {
#define NAUDIT_RECORD_TYPE(number, constant, name) inline constexpr std::uint16_t constant = number;
#include "tables/generated/record_types.inc"
#undef NAUDIT_RECORD_TYPE
inline constexpr std::uint16_t kUserFirst = 1100, kUserLast = 1199;
}  // namespace type

// What a range of record types is for.
enum class RecordCategory : std::uint8_t {
  kOther,
  kUserSpace,  // programs
  kDaemon,     // the audit daemon
  kEvent,      // system calls, and what belongs to the audit rules
  kMacDecision,
  kMac,
  kApparmor,
  kCrypto,
  kAnomaly,
  kResponse,  // to an anomaly
  kIntegrity,
  kVirt,
};

// How a record stands among others. Columns of one table: a new type of the kernel's is a row, and a type that has no
// name yet has what its range has.
struct RecordTraits {
  // An event of its own, whole at once: from programs and daemons, to each of which the kernel gives a serial of its
  // own (reference: audit-userspace common/common.c).
  bool single = false;
  // Only written as the companion of a SYSCALL record (kernel/auditsc.c, audit_log_exit).
  bool needs_syscall = false;
  // Only completes a system call's: what an event is about is in another one, or is the call.
  bool auxiliary = false;
  // The kernel may write several in one event.
  bool repeatable = false;
  // A program sent it.
  bool user_space = false;
  RecordCategory category = RecordCategory::kOther;
};

// O(1) for every number; the drain thread asks for each record.
RecordTraits record_traits(std::uint16_t type) noexcept;

}  // namespace naudit::tables
