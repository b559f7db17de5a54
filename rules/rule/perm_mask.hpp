// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule/rule.hpp"
#include "tables/arch.hpp"

namespace naudit::rules {

// Whose choice of system calls for `perm`; 4.2 knows more of them.
enum class PermTable : std::uint8_t { kAuditctl40, kAuditctl42 };

// The system calls that auditctl 4.x adds for the letters of `perm` (its lib/permtab.h); what the arch does not have
// is left out. The kernel still applies its own test, so this only saves the cost of looking at the other calls.
SyscallMask perm_syscalls(std::uint32_t permissions, tables::ArchWord arch, PermTable table = PermTable::kAuditctl42);

// Those, and the calls of 32-bit ABIs besides that the kernel's own test for `perm` knows (asm-generic/audit_write.h,
// audit_change_attr.h: chown32, truncate64 and the like): every call that can fit the letters.
SyscallMask perm_fitting(std::uint32_t permissions, tables::ArchWord arch);

// The names of the latter, those of the letters.
std::vector<std::string_view> perm_extra_names(std::uint32_t permissions);

// "rwxa" in this order, as listings print it.
std::string perm_letters(std::uint32_t permissions);
// Letters in any case and order; empty when one is none of r, w, x, a.
std::optional<std::uint32_t> perm_by_letters(std::string_view letters) noexcept;

// The words of YAML: read, write, execute, attributes, in this order.
std::optional<std::uint32_t> permission_by_word(std::string_view word) noexcept;
std::vector<std::string_view> permission_words(std::uint32_t permissions);

}  // namespace naudit::rules
