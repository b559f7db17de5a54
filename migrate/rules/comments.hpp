// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <vector>

#include "migrate/rules/yaml_document.hpp"

namespace naudit::migrate {

// How comments in auditctl's files carry what YAML has keys for: the lines directly above a rule describe it, and
// "# tags: T1059, T1003" says which of its last keys are tags. Pure.

// From the comment lines directly above the rule, with their '#'. A rule that was switched off by its '#' describes
// nothing, and neither does what an empty comment parts from the rule: such lines stay comments of the entry.
void take_comments(std::vector<std::string> comments, YamlEntry& entry);

// A rule directly below one with tags, and with the same last keys, has the same tags.
void share_tags(const rules::YamlRule& above, rules::YamlRule& yaml);

// The way back: lines of a comment from which take_comments() gets the same description and tags; the lines of
// a description come back as one.
std::vector<std::string> comments_of(const rules::YamlRule& yaml);

}  // namespace naudit::migrate
