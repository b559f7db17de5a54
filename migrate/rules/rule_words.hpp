// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <span>
#include <string>
#include <vector>

#include "rules/rule/rule.hpp"

namespace naudit::migrate {

// A rule in auditctl's syntax as its author wrote it: users, errnos and system calls by name, not by number. What the
// kernel's form cannot give back. A value; pure.
struct RuleWords {
  struct Condition {
    rules::FieldId id = rules::FieldId::kPid;
    rules::Operator op = rules::Operator::kEqual;
    std::string value;  // of a comparison (-C): the other field
    bool compares = false;
  };

  bool watch = false;  // -w or -W: the first condition is its path, then come its permissions
  std::vector<Condition> conditions;
  std::vector<std::string> syscalls;
  std::vector<std::string> keys;
};

// The words of a line that parse_auditctl() has read as a rule; of other words it makes what it can.
RuleWords read_rule_words(std::span<const std::string> words);

}  // namespace naudit::migrate
