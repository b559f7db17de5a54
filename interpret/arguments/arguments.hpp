// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "interpret/form.hpp"
#include "interpret/names/resolver.hpp"
#include "tables/arch.hpp"

namespace naudit::interpret {

// What the first four arguments of a system call mean: a0 to a3 of a SYSCALL record, which are the caller's registers,
// in hexadecimal. Which argument is what comes from the call's name (tables/argument_list.inc), so one table serves
// every arch. An argument may depend on another one: an option of setsockopt on its level, a mode on O_CREAT.
//
// Spelled as ausearch -i spells it, but that nothing which is known is left out: bits without a name follow as one
// hexadecimal number, and SOCK_CLOEXEC stands beside the type of a socket. Registers hold more bits than an argument of
// type int has; those are not looked at, so ffffff9c and ffffffffffffff9c are both AT_FDCWD.
//
// Pure, any thread, no allocation but the growth of `out`, never fails. The first call makes an index over the system
// calls of all arches.
using Arguments = std::span<const std::uint64_t, 4>;

// Appends the meaning of argument `index` (0 to 3). kNone, and nothing appended, where the number says it all (a
// descriptor, a length, an address), means nothing that is known, or is the id of a user or group.
Form append_argument(std::string& out, tables::ArchWord arch, std::uint32_t syscall, unsigned index, Arguments args);

// The same of a SOCKETCALL record, which has the arguments of what the call socketcall was asked for: `call`, its a0.
Form append_socketcall_argument(std::string& out, tables::ArchWord arch, std::uint32_t call, unsigned index,
                                Arguments args);

// Is this argument a number that says it all, whatever its value, and that says nothing about the other arguments?
bool is_plain_argument(tables::ArchWord arch, std::uint32_t syscall, unsigned index) noexcept;

// The user or group that an argument stands for (chown, setresuid, …), for the caller to find its name; 4294967295
// where it says "leave as it is". Arguments of the old calls with 16 bits (chown of i386) are widened.
std::optional<NameId> argument_id(tables::ArchWord arch, std::uint32_t syscall, unsigned index, Arguments args);

}  // namespace naudit::interpret
