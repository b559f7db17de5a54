// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/rules/comments.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "config/yaml/scalar.hpp"

namespace naudit::migrate {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Empty lines only between others.
void add(std::vector<std::string>& to, std::vector<std::string> lines) {
  if (lines.empty()) return;
  if (!to.empty()) to.emplace_back();
  to.insert(to.end(), std::make_move_iterator(lines.begin()), std::make_move_iterator(lines.end()));
}

constexpr std::string_view kTags = "tags:";
// For a description that would be taken for something else without it.
constexpr std::string_view kDescription = "description:";
constexpr std::size_t kWidth = 110;

bool is_disabled_rule(const std::string& comment) {
  const std::string words = comment_words(comment);
  return words.size() > 2 && words[0] == '-' && words[1] != '-' && words[1] != ' ';
}

bool says_something(std::string_view comment) {
  return std::any_of(comment.begin(), comment.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c & 0x80) != 0;
  });
}

std::string described(const std::string& comment) {
  std::string words = comment_words(comment);
  return words.starts_with(kDescription) ? comment_words(words.substr(kDescription.size())) : words;
}

std::size_t depth(const std::string& comment) {
  return std::min(comment.find_first_not_of('#'), comment.size());
}

bool ends_sentence(const std::string& text) {
  return std::string_view(".:;,!?-").find(text.back()) != std::string_view::npos;
}

// Whether the last keys are these tags; then they become tags.
bool split_keys(rules::YamlRule& yaml, const rules::YamlWords& tags) {
  const auto same = [](const rules::YamlWord& a, const rules::YamlWord& b) { return a.text == b.text; };
  if (tags.empty() || tags.size() > yaml.keys.size() ||
      !std::equal(tags.begin(), tags.end(), yaml.keys.end() - static_cast<std::ptrdiff_t>(tags.size()), same)) {
    return false;
  }
  yaml.keys.resize(yaml.keys.size() - tags.size());
  yaml.tags = tags;
  return true;
}

bool take_tags(const std::string& comment, rules::YamlRule& yaml) {
  const std::string said = comment_words(comment);
  if (!said.starts_with(kTags)) return false;
  rules::YamlWords tags;
  for (std::string_view rest = std::string_view(said).substr(kTags.size()); !rest.empty();) {
    std::string_view tag = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(tag.size() + 1, rest.size()));
    while (tag.starts_with(' ')) tag.remove_prefix(1);
    tags.push_back({std::string(tag), {}});
  }
  return split_keys(yaml, tags);
}

// Whether the text alone would be taken for a description, and come back as it is.
bool is_plain(const std::string& text) {
  return comment_words("# " + text) == text && text[0] != '-' && !text.starts_with(kTags) &&
         !text.starts_with(kDescription) && says_something(text);
}

// A description may have lines; a comment is one line, and what stood on the next would be one that auditctl obeys.
std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find_first_of("\n\r"));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.find_first_not_of(" \t") != std::string_view::npos) lines.emplace_back(line);
  }
  return lines;
}

// In lines of a readable width, when reading them gives the same text.
std::vector<std::string> folded(const std::string& text) {
  std::vector<std::string> lines;
  for (std::string_view rest = text; !rest.empty();) {
    std::size_t end = rest.size();
    if (end > kWidth) {
      end = rest.rfind(' ', kWidth);
      if (end == std::string_view::npos || end == 0) end = std::min(rest.find(' ', 1), rest.size());
    }
    lines.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return std::all_of(lines.begin(), lines.end(), is_plain) ? lines : std::vector<std::string>{text};
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

void take_comments(std::vector<std::string> comments, YamlEntry& entry) {
  if (!comments.empty() && take_tags(comments.back(), entry.yaml)) comments.pop_back();
  std::size_t end = comments.size();
  while (end > 0 && !says_something(comments[end - 1])) --end;
  std::size_t first = end;
  while (first > 0 && says_something(comments[first - 1]) && !is_disabled_rule(comments[first - 1])) --first;
  std::string& description = entry.yaml.description;
  for (std::size_t i = 0; i < comments.size(); ++i) {
    if (i < first || i >= end) {
      entry.comments.push_back(std::move(comments[i]));
      continue;
    }
    // "## Heading" above "### text" are two sentences.
    const bool deeper = i > first && depth(comments[i]) != depth(comments[i - 1]);
    if (!description.empty()) description += deeper && !ends_sentence(description) ? ". " : " ";
    description += config::comment_line(described(comments[i]));
  }
}

void share_tags(const rules::YamlRule& above, rules::YamlRule& yaml) {
  split_keys(yaml, above.tags);
}

std::vector<std::string> comments_of(const rules::YamlRule& yaml) {
  std::vector<std::string> lines;
  for (const std::string& text : lines_of(yaml.description)) {
    if (is_plain(text))
      for (const std::string& line : folded(text)) lines.push_back("# " + line);
    else
      lines.push_back("# " + std::string(kDescription) + ' ' + text);
  }
  if (yaml.tags.empty()) return lines;
  std::string tags = "# " + std::string(kTags);
  const char* separator = " ";
  for (const rules::YamlWord& tag : yaml.tags) {
    tags += separator + tag.text;
    separator = ", ";
  }
  lines.push_back(std::move(tags));
  return lines;
}

}  // namespace naudit::migrate
