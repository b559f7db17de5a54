// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string_view>

#include "migrate/rules/rule_words.hpp"
#include "rules/rule/environment.hpp"
#include "rules/yaml/entry.hpp"

namespace naudit::migrate {

// One rule of auditctl as an entry of YAML, in the form that reads best among those that give the kernel exactly the
// same rule; each is tried and compared. What has no such form keeps its line, under `auditctl`. `line` is the rule's
// own line, `wanted` what was read from it in this environment. Pure, except for the environment.
rules::YamlRule yaml_form(const rules::WantedRule& wanted, const RuleWords& words, std::string_view line,
                          const rules::Environment& environment);

}  // namespace naudit::migrate
