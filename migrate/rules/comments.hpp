// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "migrate/rules/yaml_document.hpp"
#include "rules/auditctl/file.hpp"

namespace naudit::migrate {

// A rule file in auditctl's syntax with all that its author wrote for people: comments in their places, and where empty
// lines are. A value.
struct DocumentLine {
  rules::RuleLine line;
  std::string text;                   // as it stands in the file, without the line's end
  std::vector<std::string> apart;     // comment lines above that an empty line parts from this one; "" = empty line
  std::vector<std::string> comments;  // comment lines directly above; both kinds with their '#'
  bool after_empty = false;           // an empty line is between this and the line before
};

struct RuleDocument {
  std::vector<DocumentLine> lines;
  std::vector<std::string> rest;  // comment lines after the last line that says something
};

// Reads as read_rule_lines() does. Pure; any bytes.
RuleDocument read_rule_document(std::string_view text);

// A comment line's text: without '#' and the blanks around it.
std::string comment_words(std::string_view line);

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
