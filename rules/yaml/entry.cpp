// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/yaml/entry.hpp"

#include <algorithm>
#include <iterator>
#include <variant>

#include <yaml-cpp/yaml.h>

#include "base/text.hpp"
#include "rules/rule/fields.hpp"

namespace naudit::rules {
namespace {

// Every key of a rule; what the schema and docs/rules.md have to tell of.
struct YamlPart {
  std::string_view key;
  std::variant<YamlWords YamlRule::*, std::optional<YamlWord> YamlRule::*, std::string YamlRule::*> value;
};
constexpr YamlPart kParts[] = {
    {"key", &YamlRule::keys},          {"description", &YamlRule::description},
    {"tags", &YamlRule::tags},         {"list", &YamlRule::list},
    {"action", &YamlRule::action},     {"syscalls", &YamlRule::syscalls},
    {"arch", &YamlRule::arches},       {"where", &YamlRule::where},
    {"watch", &YamlRule::watch},       {"permissions", &YamlRule::permissions},
    {"path", &YamlRule::paths},        {"dir", &YamlRule::dirs},
    {"exe", &YamlRule::exes},          {"filesystem", &YamlRule::filesystems},
    {"io_uring", &YamlRule::io_uring}, {"types", &YamlRule::types},
    {"auditctl", &YamlRule::auditctl},
};

// yaml-cpp gives a text in quotes this tag.
bool is_quoted(const YAML::Node& node) {
  return node.Tag() == "!";
}

void read_value(const YAML::Node& node, YamlWords& out, config::Problems& problems) {
  std::vector<std::string> texts;
  config::read_list(node, texts, problems);
  std::size_t i = 0;
  if (node.IsScalar()) {
    for (std::string& text : texts) out.push_back({std::move(text), problems.place(node), is_quoted(node)});
    return;
  }
  for (const auto& item : node)
    if (i < texts.size()) out.push_back({std::move(texts[i++]), problems.place(item), is_quoted(item)});
}

void read_value(const YAML::Node& node, std::optional<YamlWord>& out, config::Problems& problems) {
  std::string text;
  config::read_text(node, text, problems);
  if (!text.empty()) out = YamlWord{std::move(text), problems.place(node), is_quoted(node)};
}

// For people only, so it may have several lines.
void read_value(const YAML::Node& node, std::string& out, config::Problems& problems) {
  if (node.IsScalar()) {
    out = node.Scalar();
    while (out.ends_with('\n')) out.pop_back();
  } else {
    config::read_text(node, out, problems);
  }
}

// `auid: 1000` as a key of a rule.
std::vector<std::string> misplaced_conditions(const YAML::Node& rule, const std::vector<config::Key>& known) {
  std::vector<std::string> names;
  if (!rule.IsMap()) return names;
  for (const auto& entry : rule) {
    if (!entry.first.IsScalar()) continue;
    const std::string& name = entry.first.Scalar();
    const bool is_known = std::ranges::any_of(known, [&name](const config::Key& key) { return key.name == name; });
    if (!is_known && field_by_name(name)) names.push_back(name);
  }
  return names;
}

std::string how_to_write(const std::string& field, const YAML::Node& value) {
  const FieldRow& row = field_row(field_by_name(field).value_or(FieldId::kPid));
  if (!row.yaml_key.empty() && row.yaml_key != row.name) {
    const bool letters = row.kind == ValueKind::kPermissions;
    return base::in_quotes(field) + " is written " + std::string(row.yaml_key) + " here" +
           (letters ? ": read, write, execute, attributes" : "");
  }
  return base::in_quotes(field) + " is a condition; write it as where: ['" + field + " = " +
         (value.IsScalar() ? value.Scalar() : "…") + "']";
}

}  // namespace

YamlWords YamlRule::* yaml_words(std::string_view key) noexcept {
  const auto* const part = std::ranges::find(kParts, key, &YamlPart::key);
  if (part == std::end(kParts)) return nullptr;
  const auto* const words = std::get_if<YamlWords YamlRule::*>(&part->value);
  return words == nullptr ? nullptr : *words;
}

bool is_auditctl_only(const YamlRule& rule) noexcept {
  return std::ranges::none_of(kParts, [&rule](const YamlPart& part) {
    if (const auto* words = std::get_if<YamlWords YamlRule::*>(&part.value)) return !(rule.**words).empty();
    const auto* word = std::get_if<std::optional<YamlWord> YamlRule::*>(&part.value);
    return word != nullptr && *word != &YamlRule::auditctl && (rule.**word).has_value();
  });
}

YamlRule read_yaml_rule(const YAML::Node& node, config::Problems& problems) {
  YamlRule rule;
  rule.place = problems.place(node);
  std::vector<config::Key> keys;
  for (const YamlPart& part : kParts) {
    keys.push_back({part.key, [&](const YAML::Node& value) {
                      std::visit([&](auto member) { read_value(value, rule.*member, problems); }, part.value);
                    }});
  }
  const std::vector<std::string> conditions = misplaced_conditions(node, keys);
  for (const std::string& name : conditions)
    keys.push_back({name, [&](const YAML::Node& value) { problems.add(value, how_to_write(name, value)); }});
  config::read_map(node, "a rule", keys, problems);
  return rule;
}

}  // namespace naudit::rules
