// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "tables/arch.hpp"
#include "tables/constants.hpp"
#include "tables/flags.hpp"

namespace naudit::tables {

// Arguments whose meaning takes more than one look into a table, most of them because it depends on another argument.
enum class SpecialArgument : std::uint8_t {
  kClone,                // the flags, which are the first argument or, on s390, the second
  kCreateMode,           // the permissions of a new file, which count only beside O_CREAT and O_TMPFILE
  kDevice,               // the numbers of a new device: "08:01", as a PATH record has them
  kDirectory,            // a descriptor of a directory, or AT_FDCWD
  kExitStatus,           // EXIT_SUCCESS, EXIT_FAILURE
  kFcntl,                // what comes with a command of fcntl
  kFutex,                // an operation and its flags
  kGetSocketOption,      // an option of the level before it
  kIoPriority,           // a class and a level: "IOPRIO_CLASS_BE,4"
  kIoPriorityTarget,     // whose priority, of ioprio_set
  kIpc,                  // the three arguments of what the call ipc does
  kIpcCall,              // what it does, and a version
  kIpcMode,              // flags and permissions: "IPC_CREAT|0600"
  kKeyctl,               // what comes with a command of keyctl
  kMemoryPolicy,         // a mode and its flags
  kMessageQueueCommand,  // of msgctl; each of these three has the bit IPC_64 on some arches
  kMode,                 // permissions: "0644", "suid,0755"
  kNodeMode,             // type and permissions: "fifo,644"
  kPersonality,          // a domain and bits
  kPrctl,                // what comes with an option of prctl
  kPriorityTarget,       // whose priority: a process, or a user
  kPtrace,               // what comes with a request of ptrace
  kQuotaCommand,         // a command and a type of quota
  kQuotaFileId,          // whose quota, of quotactl_fd
  kQuotaId,              // whose quota, of quotactl
  kScheduler,            // a policy, and SCHED_RESET_ON_FORK
  kSeccompFilter,        // the flags of SECCOMP_SET_MODE_FILTER
  kSemaphoreCommand,     // of semctl
  kSetSocketOption,      // an option of the level before it
  kSharedMemoryCommand,  // of shmctl
  kSharedMemoryMode,     // as kIpcMode, of shmget
  kSocketDomain,         // "inet"
  kSocketProtocol,       // a protocol of the domain before it
  kSocketType,           // a type, SOCK_NONBLOCK, SOCK_CLOEXEC
  kUringRegister,        // an operation, and a bit
};

// What an argument of a system call is.
struct Argument {
  enum class Is : std::uint8_t { kNumber, kConstant, kFlags, kSpecial, kUser, kGroup, kOldUser, kOldGroup };

  constexpr Argument() = default;
  constexpr explicit(false) Argument(Is what) : is(what) {}
  constexpr explicit(false) Argument(Constants kind) : is(Is::kConstant), which(static_cast<std::uint8_t>(kind)) {}
  constexpr explicit(false) Argument(Flags kind) : is(Is::kFlags), which(static_cast<std::uint8_t>(kind)) {}
  constexpr explicit(false) Argument(SpecialArgument kind) : is(Is::kSpecial), which(static_cast<std::uint8_t>(kind)) {}

  [[nodiscard]] constexpr Constants constants() const noexcept { return static_cast<Constants>(which); }
  [[nodiscard]] constexpr Flags flags() const noexcept { return static_cast<Flags>(which); }
  [[nodiscard]] constexpr SpecialArgument special() const noexcept { return static_cast<SpecialArgument>(which); }

  Is is = Is::kNumber;  // kNumber: a number that says it all, a descriptor, an address
  std::uint8_t which = 0;
  bool only_64_bits = false;  // 32-bit arches have another argument there: they pass 64-bit numbers as two
};

// Those of a0 to a3. kOldUser and kOldGroup have 16 bits on arches that also have calls with 32 (chown32).
using Signature = std::array<Argument, 4>;

// What the arguments of a system call are (argument_list.inc, by name); all plain numbers if it is unknown. By index,
// which the first call makes. Any thread.
const Signature& syscall_signature(ArchWord arch, std::uint32_t number) noexcept;
// The same by name, by binary search.
const Signature& syscall_signature(std::string_view name) noexcept;

}  // namespace naudit::tables
