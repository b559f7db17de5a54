// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/yaml_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "config/error.hpp"
#include "config/yaml_check.hpp"

namespace naudit::rules {
namespace {

constexpr std::size_t kWidth = 110;
constexpr std::string_view kIndent = "    ";

bool is_control(char c) {
  return (c >= 0 && c < ' ') || c == 0x7f;
}

bool is_word_of_yaml(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  constexpr std::array kWords = {"null", "true", "false", "yes", "no", "on", "off", "y", "n", "~", "<<", "="};
  return std::find(kWords.begin(), kWords.end(), lower) != kWords.end();
}

// What an editor would take for a number.
bool is_numeric(std::string_view text) {
  return text.find_first_not_of("0123456789abcdefABCDEFox+-._:") == std::string_view::npos &&
         (text[0] == '.' || text[0] == '+' || (text[0] >= '0' && text[0] <= '9'));
}

bool is_plain(std::string_view text, bool in_list) {
  if (text.empty() || text.front() == ' ' || text.back() == ' ' || text.back() == ':') return false;
  if (std::string_view("-?:,[]{}#&*!|>'\"%@`").find(text.front()) != std::string_view::npos) return false;
  if (text.find(": ") != std::string_view::npos || text.find(" #") != std::string_view::npos) return false;
  if (in_list && text.find_first_of(",[]{}:\"") != std::string_view::npos) return false;
  return std::none_of(text.begin(), text.end(), is_control) && !is_word_of_yaml(text) && !is_numeric(text);
}

std::string escaped(char c) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
  return text.data();
}

std::string list_text(const YamlWords& words) {
  std::string text = "[";
  for (const YamlWord& word : words) {
    if (text.size() > 1) text += ", ";
    text += yaml_scalar(word.text, true);
  }
  return text + ']';
}

// "key: value" pairs, the first behind the dash.
class Entry {
 public:
  void text(std::string_view key, std::string_view value) { line(key, yaml_scalar(value)); }

  void word(std::string_view key, const std::optional<YamlWord>& value) {
    if (value) text(key, value->text);
  }

  // One word stands alone.
  void words(std::string_view key, const YamlWords& values) {
    if (values.size() == 1) {
      text(key, values[0].text);
    } else {
      list(key, values);
    }
  }

  void list(std::string_view key, const YamlWords& values) {
    if (values.empty()) return;
    const std::string flow = list_text(values);
    if (kIndent.size() + key.size() + 2 + flow.size() <= kWidth) return line(key, flow);
    line(key, {});
    for (const YamlWord& value : values) ((out_ += kIndent) += "  - ") += yaml_scalar(value.text) + '\n';
  }

  // Long texts are folded at spaces that are single ones, which reading turns back.
  void paragraph(std::string_view key, std::string_view value) {
    const bool folds = value.size() > kWidth && value.find("  ") == std::string_view::npos && value.front() != ' ' &&
                       value.back() != ' ' && fits_yaml(value);
    if (!folds) return text(key, value);
    line(key, ">-");
    while (!value.empty()) {
      std::size_t end = value.size();
      if (end > kWidth - 6) {
        end = value.rfind(' ', kWidth - 6);
        if (end == std::string_view::npos) end = std::min(value.find(' '), value.size());
      }
      (((out_ += kIndent) += "  ") += value.substr(0, end)) += '\n';
      value.remove_prefix(std::min(end + 1, value.size()));
    }
  }

  std::string take() { return std::move(out_); }

 private:
  void line(std::string_view key, std::string_view value) {
    out_ += out_.empty() ? std::string_view("  - ") : kIndent;
    (out_ += key) += ':';
    if (!value.empty()) (out_ += ' ') += value;
    out_ += '\n';
  }

  std::string out_;
};

}  // namespace

std::string yaml_scalar(std::string_view text, bool in_list) {
  if (is_plain(text, in_list)) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (is_control(c)) {
      quoted += escaped(c);
    } else {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c;
    }
  }
  return quoted + '"';
}

bool fits_yaml(std::string_view text) {
  if (std::any_of(text.begin(), text.end(), is_control)) return false;
  try {
    config::check_yaml(yaml_scalar(text), "");
  } catch (const config::Error&) {
    return false;
  }
  return true;
}

std::string comment_line(std::string_view text) {
  std::string line;
  for (const char c : text) line += c == '\t' ? std::string(1, ' ') : is_control(c) ? escaped(c) : std::string(1, c);
  if (fits_yaml(line)) return line;
  std::string ascii;
  for (const char c : line) ascii += static_cast<unsigned char>(c) < 0x80 ? std::string(1, c) : escaped(c);
  return ascii;
}

std::string yaml_text(const YamlRule& rule) {
  Entry entry;
  entry.words("key", rule.keys);
  if (!rule.description.empty()) entry.paragraph("description", rule.description);
  entry.list("tags", rule.tags);
  entry.word("auditctl", rule.auditctl);
  entry.word("list", rule.list);
  entry.word("action", rule.action);
  entry.words("types", rule.types);
  entry.words("filesystem", rule.filesystems);
  entry.list("syscalls", rule.syscalls);
  entry.list("io_uring", rule.io_uring);
  entry.words("arch", rule.arches);
  entry.words("watch", rule.watch);
  entry.words("path", rule.paths);
  entry.words("dir", rule.dirs);
  entry.list("permissions", rule.permissions);
  entry.words("exe", rule.exes);
  entry.list("where", rule.where);
  return entry.take();
}

}  // namespace naudit::rules
