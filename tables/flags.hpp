// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "tables/arch.hpp"
#include "tables/name_table.hpp"

namespace naudit::tables {

// Words whose bits have a name each, in arguments of system calls and in fields.
enum class Flags : std::uint8_t {
  kAccess,    // access(2): "X_OK|R_OK", "F_OK"
  kAt,        // AT_* of most calls
  kAtAccess,  // of faccessat2, where one bit means AT_EACCESS
  kAtRemove,  // of unlinkat, where it means AT_REMOVEDIR
  kClone,     // the low byte is a signal: "CLONE_VM|SIGCHLD"
  kCloseRange,
  kDirectoryNotify,
  kEpollCreate,
  kEventDescriptor,
  kFallocate,
  kFanotifyInit,
  kFanotifyMark,
  kFanotifyMask,
  kFileLock,
  kFsmount,
  kFsopen,
  kFspick,
  kFutex,
  kFutexSize,  // FUTEX2_*
  kInotifyInit,
  kInotifyMask,
  kInstructionCache,
  kIpc,  // IPC_CREAT, IPC_EXCL
  kKexec,
  kLandlockCreate,
  kLandlockRestrict,
  kListMount,
  kLsm,
  kMembarrier,
  kMemoryDeny,
  kMemoryDescriptor,
  kMemoryLock,
  kMemoryLockAll,
  kMemoryLockAllPpc,
  kMemoryPolicy,
  kMessage,  // MSG_* of send and recv
  kMessageQueue,
  kMmap,  // "MAP_PRIVATE|MAP_ANONYMOUS"; "MAP_FILE" without a kind of sharing
  kMmapGeneric,
  kMmapPpc,
  kModule,
  kMount,
  kMountAttribute,
  kMremap,
  kMsync,
  kNamespace,  // unshare and setns: as kClone, without a signal
  kOpen,       // "O_WRONLY|O_CREAT", "O_RDONLY"
  kOpenArm,
  kOpenPpc,
  kOpenTree,
  kPersonality,  // the bits above the domain
  kProcessDescriptor,
  kProcessSignal,
  kProtection,  // "PROT_READ|PROT_EXEC", "PROT_NONE"
  kProtectionArm,
  kProtectionKey,
  kProtectionPpc,
  kPtraceOptions,
  kRandom,
  kResolve,  // openat2
  kRseq,
  kSchedulerReset,
  kSeals,
  kSeccompFilter,
  kSecureBits,
  kSemaphore,
  kShadowStack,
  kSharedMemory,
  kSharedMemoryAttach,
  kSignalDescriptor,
  kSocket,  // SOCK_NONBLOCK, SOCK_CLOEXEC
  kSplice,
  kStatxMask,
  kSwap,
  kSyncRange,
  kTimeStatus,  // STA_* of adjtimex
  kTimer,
  kTimerDescriptor,
  kTimerDescriptorSet,
  kUmount,
  kUringEnter,
  kUringRegister,
  kUserFault,
  kWait,
  kXattr,
  kDescriptor,  // those bits of kOpen that dup3, pipe2 and the like take
};

// Appends the names that ausearch -i prints, in the order of their bits, with | between them. Bits that have no name
// follow as one number in hexadecimal, which ausearch leaves out; no bit at all is "0x0" unless it has a name of its
// own. The arch decides among the tables of kMmap, kOpen, kProtection and some more.
void append_flags(std::string& out, Flags kind, std::uint64_t value, ArchWord arch = kArchX86_64);

// The same, but appends nothing and returns false where no bit has a name.
bool append_named_flags(std::string& out, Flags kind, std::uint64_t value, ArchWord arch = kArchX86_64);

// The whole table, by the bits' values; empty for kDescriptor, which has none of its own.
std::span<const NameRow> flag_rows(Flags kind) noexcept;

// Appends "chown,net_admin" for a capability set, "none" for an empty one; the bits without a name follow as one number
// in hexadecimal.
void append_capabilities(std::string& out, std::uint64_t set);

// Appends "read,write" for what a rule watches (AUDIT_PERM_* of linux/audit.h); nothing given is all.
void append_permissions(std::string& out, std::uint32_t bits);

// Appends "PER_LINUX|ADDR_NO_RANDOMIZE": the domain, then the bits above it.
void append_personality(std::string& out, std::uint64_t value);

}  // namespace naudit::tables
