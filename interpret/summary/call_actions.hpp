// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string_view>

#include "tables/arch.hpp"

namespace naudit::interpret {

inline constexpr std::string_view kUnknownAction = "triggered-audit-rule";

// What a system call acts on, and where the records say so.
enum class Act : std::uint8_t {
  kOther,       // whatever the event's SOCKADDR, OBJ_PID or PATH records name
  kFile,        // a path
  kOpen,        // a path; `detail` holds O_* flags
  kOpenHow,     // a path; the OPENAT2 record holds the flags
  kCreate,      // a path, opened for writing
  kExec,        // a path: the first one, those behind it are interpreters
  kRename,      // two paths
  kLink,        // two paths
  kSymlink,     // a path, and a text
  kMount,       // a mount point, and what is mounted
  kRoot,        // pivot_root: the new root, and where the old one goes
  kMode,        // a path; `detail` holds the new mode
  kOwner,       // a path; `detail` and the argument behind it hold uid and gid
  kNode,        // a path; `detail` holds the type of the new file
  kSocket,      // an address
  kNewSocket,   // nothing yet
  kSignal,      // processes; `detail` holds the signal
  kProcess,     // a process: OBJ_PID, or the pid in `detail`
  kTrace,       // a process; a0 is the request
  kFork,        // a process: its pid is the result
  kSelf,        // the calling process
  kIdentity,    // the calling process; the arguments hold the new ids, of a user if `detail` is 0, else of a group
  kMemory,      // the calling process's memory
  kModule,      // a kernel module
  kBpf,         // a0 is the command
  kSystem,      // the machine
  kSecurity,    // the security modules
  kSocketcall,  // i386, s390: a0 is the call
};

struct CallAction {
  std::string_view verb{};  // "opened-file"
  Act act = Act::kOther;
  std::int8_t dirfd = -1;         // the argument with the directory that the path is relative to; -1: there is none
  std::int8_t second_dirfd = -1;  // the same for the second path
  std::int8_t detail = -1;        // see Act
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

// The requests of ptrace and the commands of bpf say more than the calls do; `verb` for those that do not.
std::string_view trace_action(std::uint64_t request, std::string_view verb) noexcept;
std::string_view bpf_action(std::uint64_t command, std::string_view verb) noexcept;

}  // namespace naudit::interpret
