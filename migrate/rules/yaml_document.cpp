// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/rules/yaml_document.hpp"

#include <algorithm>
#include <string_view>

#include "config/yaml/scalar.hpp"
#include "migrate/rules/yaml_text.hpp"

namespace naudit::migrate {
namespace {

void add_comments(std::string& out, const std::vector<std::string>& comments, std::string_view indent) {
  for (const std::string& line : comments) {
    if (!line.empty()) (out += indent) += config::comment_line(line);
    out += '\n';
  }
}

// An empty line is where the author had one, before whatever has a comment, and around what is a comment only.
bool stands_apart(const YamlEntry& before, const YamlEntry& entry) {
  if (entry.after_empty || before.comment_only != entry.comment_only) return true;
  return !entry.comment_only && (!entry.comments.empty() || !entry.yaml.description.empty());
}

}  // namespace

std::string document_text(const YamlDocument& document) {
  std::string out;
  add_comments(out, document.header, "");
  if (!document.kernel.empty()) {
    if (!out.empty()) out += '\n';
    out += "kernel:\n";
    for (const YamlSetting& setting : document.kernel) {
      add_comments(out, setting.comments, "  ");
      out += "  " + setting.key + ": " + setting.value + '\n';
    }
  }
  const bool rules = std::any_of(document.entries.begin(), document.entries.end(),
                                 [](const YamlEntry& entry) { return !entry.comment_only; });
  if (!document.entries.empty() && !out.empty()) out += '\n';
  if (rules) out += "rules:\n";
  const YamlEntry* before = nullptr;
  for (const YamlEntry& entry : document.entries) {
    if (before != nullptr && stands_apart(*before, entry)) out += '\n';
    before = &entry;
    add_comments(out, entry.comments, rules ? "  " : "");
    if (!entry.comment_only) out += yaml_text(entry.yaml);
  }
  if (!document.rest.empty()) {
    if (!out.empty()) out += '\n';
    add_comments(out, document.rest, "");
  }
  return out;
}

}  // namespace naudit::migrate
