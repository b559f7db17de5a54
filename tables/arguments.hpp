// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstdint>

#include "tables/arch.hpp"
#include "tables/constants.hpp"
#include "tables/flags.hpp"

namespace naudit::tables {

// Arguments whose meaning takes more than one look into a table, most of them because it depends on another argument.
enum class SpecialArgument : std::uint8_t {
  kClone,         // the flags, which are the first argument or, on s390, the second
  kCreateMode,    // the permissions of a new file, which count only if the argument before has O_CREAT or O_TMPFILE
  kDirectory,     // a descriptor of a directory, or AT_FDCWD
  kExitStatus,    // EXIT_SUCCESS, EXIT_FAILURE
  kFcntl,         // what comes with a command of fcntl
  kMode,          // permissions: "0644", "suid,0755"
  kNodeMode,      // type and permissions: "fifo,644"
  kPersonality,   // a domain and bits
  kPrctlSecond,   // the first argument of a prctl option
  kScheduler,     // a policy, and SCHED_RESET_ON_FORK
  kSocketDomain,  // "inet"
  kSocketType,    // a type, SOCK_NONBLOCK, SOCK_CLOEXEC
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
};

// Those of a0 to a3. kOldUser and kOldGroup have 16 bits.
using Signature = std::array<Argument, 4>;

// What the arguments of a system call are (argument_list.inc, by name); all plain numbers if it is unknown. By index,
// which the first call makes. Any thread.
const Signature& syscall_signature(ArchWord arch, std::uint32_t number) noexcept;

}  // namespace naudit::tables
