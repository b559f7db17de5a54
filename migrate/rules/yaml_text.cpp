// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/rules/yaml_text.hpp"

#include <algorithm>

#include "config/yaml/scalar.hpp"

namespace naudit::migrate {
namespace {

constexpr std::size_t kWidth = 110;
constexpr std::string_view kIndent = "    ";

std::string list_text(const rules::YamlWords& words) {
  std::string text = "[";
  for (const rules::YamlWord& word : words) {
    if (text.size() > 1) text += ", ";
    text += config::yaml_scalar(word.text, true);
  }
  return text + ']';
}

// "key: value" pairs, the first behind the dash.
class Entry {
 public:
  void text(std::string_view key, std::string_view value) { line(key, config::yaml_scalar(value)); }

  void word(std::string_view key, const std::optional<rules::YamlWord>& value) {
    if (value) text(key, value->text);
  }

  // One word stands alone.
  void words(std::string_view key, const rules::YamlWords& values) {
    if (values.size() == 1)
      text(key, values[0].text);
    else
      list(key, values);
  }

  void list(std::string_view key, const rules::YamlWords& values) {
    if (values.empty()) return;
    const std::string flow = list_text(values);
    if (kIndent.size() + key.size() + 2 + flow.size() <= kWidth) return line(key, flow);
    line(key, {});
    for (const rules::YamlWord& value : values) ((out_ += kIndent) += "  - ") += config::yaml_scalar(value.text) + '\n';
  }

  // Long texts are folded at spaces that are single ones, which reading turns back.
  void paragraph(std::string_view key, std::string_view value) {
    const bool folds = value.size() > kWidth && value.find("  ") == std::string_view::npos && value.front() != ' ' &&
                       value.back() != ' ' && config::fits_yaml(value);
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

std::string yaml_text(const rules::YamlRule& rule) {
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
  // Of a rule on files it is an afterthought.
  const bool behind = rule.syscalls.empty() && rule.arches.size() == 1 && rule.arches[0].text == "any";
  if (!behind) entry.words("arch", rule.arches);
  entry.words("watch", rule.watch);
  entry.words("path", rule.paths);
  entry.words("dir", rule.dirs);
  entry.list("permissions", rule.permissions);
  if (behind) entry.words("arch", rule.arches);
  entry.words("exe", rule.exes);
  entry.list("where", rule.where);
  return entry.take();
}

}  // namespace naudit::migrate
