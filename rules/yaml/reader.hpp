// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "rules/read.hpp"
#include "rules/rule/environment.hpp"
#include "rules/rule/rule_set.hpp"

namespace naudit::rules {

// Rules in YAML (docs/rules.md, docs/rules.schema.json): strict, every problem with its place. One YAML rule makes one
// kernel rule for each combination of its arches, paths, programs and record types.

// The file and what it includes. Throws base::Error when the file itself is no good; what is wrong inside is
// appended to the problems, or noted in the set when lenient.
void read_yaml_rules(const std::string& path, const Environment& environment, ReadOptions options, RuleSet& set,
                     std::vector<base::Problem>& problems);

// The same for a text; `include` is then a problem. Pure, except for the environment.
void read_yaml_text(const std::string& text, const std::string& name, const Environment& environment,
                    ReadOptions options, RuleSet& set, std::vector<base::Problem>& problems);

}  // namespace naudit::rules
