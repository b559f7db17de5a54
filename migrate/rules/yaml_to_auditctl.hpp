// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <span>
#include <string>
#include <vector>

#include "rules/rule/environment.hpp"
#include "rules/rule/rule.hpp"
#include "rules/yaml/entry.hpp"

namespace naudit::migrate {

// An entry of YAML as auditctl's lines, one for each of the kernel rules that it stands for, in their order and with
// the words of its author. `rules` are those kernel rules, made in the same environment. An empty line where auditctl
// has no way to say the rule: each line is read again and compared. Pure, except for the environment.
std::vector<std::string> auditctl_lines(const rules::YamlRule& yaml, std::span<const rules::WantedRule> rules,
                                        const rules::Environment& environment);

}  // namespace naudit::migrate
