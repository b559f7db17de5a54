// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include "rules/rule/rule.hpp"

namespace naudit::rules {

// What the kernel refuses with a bare EINVAL although auditctl sends it (kernel/auditfilter.c, audit_field_valid and
// audit_data_to_entry); empty if nothing is wrong with the field. Used where no auditctl's bytes must be matched.
std::string kernel_objection(const Field& field, List list);

}  // namespace naudit::rules
