// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace naudit::rules {

// One line of a rule file in auditctl's syntax, cut into words. Columns and lines count from 1.
struct RuleLine {
  int number = 0;
  std::vector<std::string> words;
  std::vector<int> columns;
  std::string comment;  // the comment lines directly above, without '#', joined by newlines
};

// The lines that say something. Words are separated by spaces; a backslash before a space or a backslash takes away
// its meaning; a line whose first word starts with '#' is a comment. Where auditctl stumbles, the file is read as its
// author meant it: tabs separate too, a CR at the end of a line and a byte-order mark are dropped, lines have any
// length, the last one needs no newline. Pure; any bytes.
std::vector<RuleLine> read_rule_lines(std::string_view text);

// A word as it must stand in a rule file to be read back.
std::string escape_word(std::string_view word);

}  // namespace naudit::rules
