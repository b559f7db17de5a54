// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>

#include "tables/arch.hpp"

namespace naudit::tables {

// Words whose bits have a name each, in arguments of system calls and in fields.
enum class Flags : std::uint8_t {
  kAccess,   // access(2): "X_OK|R_OK", "F_OK"
  kClone,    // clone, unshare, setns; the low byte is a signal: "CLONE_VM|SIGCHLD"
  kMessage,  // MSG_* of send and recv
  kMmap,     // "MAP_PRIVATE|MAP_ANONYMOUS"; "MAP_FILE" without a kind of sharing
  kMount,
  kOpen,        // "O_WRONLY|O_CREAT", "O_RDONLY"
  kProtection,  // "PROT_READ|PROT_EXEC", "PROT_NONE"
  kResolve,     // openat2
  kUmount,
};

// Appends the names that ausearch -i prints, in the order of their bits, with | between them. Bits that have no name
// follow as one number in hexadecimal, which ausearch leaves out; no bit at all is "0x0" unless it has a name of its
// own. The arch matters for kOpen.
void append_flags(std::string& out, Flags kind, std::uint64_t value, ArchWord arch = kArchX86_64);

// The same, but appends nothing and returns false where no bit has a name.
bool append_named_flags(std::string& out, Flags kind, std::uint64_t value, ArchWord arch = kArchX86_64);

// Appends "chown,net_admin" for a capability set, "none" for an empty one; a capability without a name is its number.
void append_capabilities(std::string& out, std::uint64_t set);

}  // namespace naudit::tables
