// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/auditctl/file.hpp"

#include <algorithm>
#include <utility>

namespace naudit::rules {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

RuleLine split(std::string_view line, int number) {
  RuleLine result;
  result.number = number;
  std::size_t i = 0;
  while (true) {
    while (i < line.size() && is_blank(line[i])) ++i;
    if (i == line.size()) return result;
    result.columns.push_back(static_cast<int>(i) + 1);
    std::string word;
    for (; i < line.size() && !is_blank(line[i]); ++i) {
      const bool escape = line[i] == '\\' && i + 1 < line.size() && (line[i + 1] == ' ' || line[i + 1] == '\\');
      if (escape) ++i;
      word += line[i];
    }
    result.words.push_back(std::move(word));
  }
}

std::string_view comment_text(std::string_view line) {
  line.remove_prefix(line.find('#'));
  while (line.starts_with('#')) line.remove_prefix(1);
  if (line.starts_with(' ')) line.remove_prefix(1);
  return line;
}

}  // namespace

std::vector<RuleLine> read_rule_lines(std::string_view text) {
  std::vector<RuleLine> lines;
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  std::string comment;
  for (int number = 1; !text.empty(); ++number) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    while (line.ends_with('\r')) line.remove_suffix(1);
    RuleLine parsed = split(line, number);
    if (parsed.words.empty()) {
      comment.clear();
    } else if (parsed.words[0].starts_with('#')) {
      if (!comment.empty()) comment += '\n';
      comment += comment_text(line);
    } else {
      parsed.comment = std::exchange(comment, {});
      lines.push_back(std::move(parsed));
    }
  }
  return lines;
}

std::string escape_word(std::string_view word) {
  std::string escaped;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const bool needed =
        word[i] == ' ' || (word[i] == '\\' && (i + 1 == word.size() || word[i + 1] == ' ' || word[i + 1] == '\\'));
    if (needed) escaped += '\\';
    escaped += word[i];
  }
  return escaped;
}

}  // namespace naudit::rules
