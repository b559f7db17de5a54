// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>

#include "rules/rule/environment.hpp"
#include "rules/rule/rule.hpp"

namespace naudit::rules {

// Whose conditions on a rule hold.
enum class Grammar : std::uint8_t {
  kAuditctl,  // those of auditctl 4.2
  kKernel     // the kernel's: a key on any rule, the io_uring list takes what exit takes, exclude only what it looks at
};

// Why the field may not stand in a rule of that list, in auditctl's words; empty if it may. `name` is the field as it
// was written. Pure.
std::string misplacement(FieldId field, List list, std::string_view name, const Environment& environment,
                         Grammar grammar);

// Whether -C may stand in a rule of that list.
bool takes_comparisons(List list, Grammar grammar) noexcept;

}  // namespace naudit::rules
