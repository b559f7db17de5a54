// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

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

}  // namespace naudit::migrate
