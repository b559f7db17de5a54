// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace naudit::migrate {

// The rules file of Mozilla's audit-go as lines of auditctl, ready for import_rules().
struct AuditGoRules {
  std::string lines;
  std::vector<base::Place> places;  // of what each line comes from
  std::vector<base::Problem> notes;

  // A problem of a line of `lines`, at its place in the JSON file.
  [[nodiscard]] base::Problem moved(base::Problem problem) const;
};

// Whether a rules file is that, and not auditctl's: its first character that is no blank is a brace.
bool is_audit_go(std::string_view text) noexcept;

// Reads JSON with `delete`, `enable`, `buffer`, `rate`, and either `file_rules` and `syscall_rules`, or both kinds in
// `audit_rules` (github.com/mozilla/audit-go, rules.json; github.com/mozilla/libaudit-go). Operators are its words or
// auditctl's signs. Throws base::Error with all that is wrong, each with its line and column. Pure; time linear in the
// text.
AuditGoRules read_audit_go(const std::string& text, const std::string& name);

}  // namespace naudit::migrate
