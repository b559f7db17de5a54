// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/yaml/document.hpp"
#include "rules/rule/environment.hpp"
#include "rules/rule/rule_set.hpp"

namespace naudit::rules {

// A word of a rule and where it stands.
struct YamlWord {
  std::string text;
  base::Place place;
};
using YamlWords = std::vector<YamlWord>;

// One entry of `rules:` as it was written.
struct YamlRule {
  base::Place place;
  std::string description;
  YamlWords keys, tags, syscalls, arches, where, watch, permissions, paths, dirs, exes, filesystems, io_uring, types;
  std::optional<YamlWord> list, action;
  std::optional<YamlWord> auditctl;  // the whole rule as a line of auditctl, for what has no other form
};

YamlRule read_yaml_rule(const YAML::Node& node, config::Problems& problems);

// Adds the kernel rules that it stands for to the set.
void expand(const YamlRule& rule, const Environment& environment, RuleSet& set, config::Problems& problems);

}  // namespace naudit::rules
