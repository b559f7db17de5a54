// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "rules/rule/environment.hpp"

namespace naudit::migrate {

struct Exported {
  std::string text;
  std::size_t rules = 0;
  std::vector<base::Problem> notes;
  std::vector<base::Problem> errors;  // what auditctl cannot be told, left as comments
};

// A rule file in YAML as lines that auditctl 3 and 4 read, one kernel rule each, in the order in which nauditd loads
// them. Names stay names. Comments stay, a description stands directly above its rules, tags in a line "# tags: a, b":
// import reads all of it back. A rule that has come already is left as a comment. A watch with an arch becomes `path`
// or `dir` by what it is on this machine. Throws base::Error when the text is no rule file. Pure.
Exported export_yaml(const std::string& text, const std::string& name, const rules::Environment& machine);

// The same for a file in auditctl's syntax: what trips auditctl (tabs, CRs, a missing last newline) is put right, all
// else stays as it is.
Exported export_auditctl(std::string_view text, const std::string& name, const rules::Environment& machine);

}  // namespace naudit::migrate
