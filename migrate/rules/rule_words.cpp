// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/rules/rule_words.hpp"

#include <algorithm>

#include "rules/auditctl/option_scanner.hpp"
#include "rules/rule/field_value.hpp"
#include "rules/rule/names.hpp"

namespace naudit::migrate {
namespace {

void add_syscalls(std::string_view list, RuleWords& rule) {
  while (!list.empty()) {
    const std::string_view name = list.substr(0, list.find(','));
    list.remove_prefix(std::min(name.size() + 1, list.size()));
    const bool there = std::find(rule.syscalls.begin(), rule.syscalls.end(), name) != rule.syscalls.end();
    if (!name.empty() && !there) rule.syscalls.emplace_back(name);
  }
}

void add_condition(std::string_view text, bool compares, RuleWords& rule) {
  if (!compares && text.starts_with("key=")) {
    rule.keys.emplace_back(text.substr(4));
    return;
  }
  const auto expression = rules::split_expression(text);
  const auto field = expression ? rules::field_by_name(expression->name) : std::nullopt;
  if (field) rule.conditions.push_back({*field, expression->op, std::string(expression->value), compares});
}

void set_permissions(std::string_view letters, RuleWords& rule) {
  for (RuleWords::Condition& condition : rule.conditions) {
    if (condition.id != rules::FieldId::kPerm) continue;
    condition.value = letters;
    return;
  }
  rule.conditions.push_back({rules::FieldId::kPerm, rules::Operator::kEqual, std::string(letters), false});
}

}  // namespace

RuleWords read_rule_words(std::span<const std::string> words) {
  RuleWords rule;
  rules::OptionScanner scanner(words);
  while (const auto option = scanner.next()) {
    if (option->name.size() != 1) continue;
    switch (option->name[0]) {
      case 'w':
      case 'W':
        rule.watch = true;
        rule.conditions.push_back(
            {rules::FieldId::kPath, rules::Operator::kEqual, std::string(option->argument), false});
        rule.conditions.push_back({rules::FieldId::kPerm, rules::Operator::kEqual, "rwxa", false});
        break;
      case 'p':
        set_permissions(option->argument, rule);
        break;
      case 'S':
        add_syscalls(option->argument, rule);
        break;
      case 'F':
      case 'C':
        add_condition(option->argument, option->name[0] == 'C', rule);
        break;
      case 'k':
        rule.keys.emplace_back(option->argument);
        break;
      default:
        break;
    }
  }
  return rule;
}

}  // namespace naudit::migrate
