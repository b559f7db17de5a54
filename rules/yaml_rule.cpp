// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/yaml_rule.hpp"

#include <yaml-cpp/yaml.h>

#include "rules/names.hpp"

namespace naudit::rules {
namespace {

void read_words(const YAML::Node& node, YamlWords& out, config::Problems& problems) {
  std::vector<std::string> texts;
  config::read_list(node, texts, problems);
  std::size_t i = 0;
  if (node.IsScalar()) {
    for (std::string& text : texts) out.push_back({std::move(text), problems.place(node)});
    return;
  }
  for (const auto& item : node) {
    if (i < texts.size()) out.push_back({std::move(texts[i++]), problems.place(item)});
  }
}

void read_word(const YAML::Node& node, std::optional<YamlWord>& out, config::Problems& problems) {
  std::string text;
  config::read_text(node, text, problems);
  if (!text.empty()) out = YamlWord{std::move(text), problems.place(node)};
}

}  // namespace

YamlRule read_yaml_rule(const YAML::Node& node, config::Problems& problems) {
  YamlRule rule;
  rule.place = problems.place(node);
  const auto words = [&problems](YamlWords& out) {
    return [&out, &problems](const YAML::Node& value) { read_words(value, out, problems); };
  };
  const auto word = [&problems](std::optional<YamlWord>& out) {
    return [&out, &problems](const YAML::Node& value) { read_word(value, out, problems); };
  };
  config::read_map(
      node, "a rule",
      {{"key", words(rule.keys)},
       {"description", [&](const YAML::Node& value) { config::read_text(value, rule.description, problems); }},
       {"tags", words(rule.tags)},
       {"list", word(rule.list)},
       {"action", word(rule.action)},
       {"syscalls", words(rule.syscalls)},
       {"arch", words(rule.arches)},
       {"where", words(rule.where)},
       {"watch", words(rule.watch)},
       {"permissions", words(rule.permissions)},
       {"path", words(rule.paths)},
       {"dir", words(rule.dirs)},
       {"exe", words(rule.exes)},
       {"filesystem", words(rule.filesystems)},
       {"io_uring", words(rule.io_uring)},
       {"types", words(rule.types)},
       {"auditctl", word(rule.auditctl)}},
      problems);
  return rule;
}

}  // namespace naudit::rules
