// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "tables/arch.hpp"

namespace naudit::interpret {

inline constexpr std::string_view kUnknownAction = "triggered-audit-rule";

// What system calls act on: the rows of plan/call_plan.cpp say where the records tell it.
enum class Act : std::uint8_t {
  kOther,
  kFile,
  kOpen,
  kOpenHow,
  kCreate,
  kExec,
  kRename,
  kLink,
  kSymlink,
  kMount,
  kRoot,
  kMode,
  kOwner,
  kNode,
  kSocket,
  kSignal,
  kSignalOfDescriptor,
  kProcess,
  kTrace,
  kFork,
  kSelf,
  kUser,
  kGroup,
  kMemory,
  kModule,
  kBpf,
  kSystem,
  kSecurity,
  kSocketcall,  // i386, s390: a0 is the call
};

// What a value of an argument says beyond the call: the first that fits, with (argument & mask) == value. A mask of 0
// fits all that is left.
struct Request {
  std::uint64_t mask = 0;
  std::uint64_t value = 0;
  std::string_view verb{};
};

struct CallAction {
  std::string_view verb{};  // "opened-file"
  Act act = Act::kOther;
  std::int8_t dirfd = -1;         // the argument with the directory that the path is relative to; -1: there is none
  std::int8_t second_dirfd = -1;  // the same for the second path
  std::int8_t detail = -1;        // the argument that the plan of `act` asks for
  std::int8_t request = -1;       // the argument of `requests`
  std::span<const Request> requests{};
};

// What a system call does, the verb first: those of auparse's normaliser where it has one (reference:
// auparse/normalize*), so that reports of both read alike. Null for a call that has no verb. O(1), any thread; the
// first call makes the tables.
const CallAction* call_action(tables::ArchWord arch, std::uint32_t number) noexcept;
// The same for an operation of io_uring, which has no arguments on record.
const CallAction* uring_action(std::uint32_t op) noexcept;
// i386 and s390 have one call for all of sockets: SYS_* of linux/net.h.
const CallAction* socketcall_action(std::uint32_t call) noexcept;

// The verb; the call's own name where it has none, and kUnknownAction where that is not known either.
std::string_view syscall_action(tables::ArchWord arch, std::uint32_t number) noexcept;

}  // namespace naudit::interpret
