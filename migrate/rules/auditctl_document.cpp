// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/rules/auditctl_document.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace naudit::migrate {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Empty lines only between others.
void add(std::vector<std::string>& to, std::vector<std::string> lines) {
  if (lines.empty()) return;
  if (!to.empty()) to.emplace_back();
  to.insert(to.end(), std::make_move_iterator(lines.begin()), std::make_move_iterator(lines.end()));
}

}  // namespace

RuleDocument read_rule_document(std::string_view text) {
  RuleDocument document;
  std::vector<rules::RuleLine> lines = rules::read_rule_lines(text);
  auto next = lines.begin();
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  std::vector<std::string> apart, comments;
  bool after_empty = false;
  for (int number = 1; !text.empty(); ++number) {
    const std::string_view whole = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(whole.size() + 1, text.size()));
    const std::string_view line = base::trimmed(whole);
    if (next != lines.end() && next->number == number) {
      document.lines.push_back(
          {std::move(*next++), std::string(line), std::exchange(apart, {}), std::exchange(comments, {}), after_empty});
      after_empty = false;
    } else if (line.empty()) {
      add(apart, std::exchange(comments, {}));
      after_empty = true;
    } else {
      comments.emplace_back(line);
    }
  }
  add(apart, std::move(comments));
  document.rest = std::move(apart);
  return document;
}

std::string comment_words(std::string_view line) {
  line = base::trimmed(line);
  while (line.starts_with('#')) line.remove_prefix(1);
  return std::string(base::trimmed(line));
}

}  // namespace naudit::migrate
