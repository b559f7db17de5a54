// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/rules/auditctl_to_yaml.hpp"

#include <algorithm>
#include <bit>
#include <iterator>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "migrate/rules/yaml_text.hpp"
#include "rules/rule/fields.hpp"
#include "rules/rule/names.hpp"
#include "rules/rule/perm_mask.hpp"
#include "rules/yaml/expand.hpp"

namespace naudit::migrate {
namespace {

using Condition = RuleWords::Condition;

// Keys of YAML that stand for a condition and give it a fixed place among the fields; one that must stand elsewhere
// goes to `where`. One bit each in their order; `dir` counts as `path`.
constexpr std::string_view kOwn[] = {"path", "permissions", "exe", "types", "filesystem"};
constexpr unsigned kEvery = (1U << std::size(kOwn)) - 1;

unsigned own_bit(rules::FieldId field) {
  const std::string_view key = rules::field_row(field).yaml_key;
  const auto* const found = std::ranges::find(kOwn, key == "dir" ? "path" : key);
  return found == std::end(kOwn) ? 0 : 1U << static_cast<unsigned>(found - std::begin(kOwn));
}

bool may_be_unset(rules::FieldId field) {
  const rules::ValueKind kind = rules::field_row(field).kind;
  return kind == rules::ValueKind::kUser || kind == rules::ValueKind::kLoginUid || kind == rules::ValueKind::kSession;
}

std::string_view value_text(const Condition& condition) {
  const bool unset = condition.value == "4294967295" || condition.value == "-1";
  return unset && may_be_unset(condition.id) && !condition.compares ? "unset" : std::string_view(condition.value);
}

std::string condition_text(const Condition& condition) {
  return std::string(rules::field_name(condition.id)) + ' ' + std::string(rules::operator_text(condition.op)) + ' ' +
         std::string(value_text(condition));
}

rules::YamlWords permission_words(std::string_view letters) {
  rules::YamlWords words;
  for (const std::string_view word : rules::permission_words(rules::perm_by_letters(letters).value_or(0)))
    words.push_back({std::string(word), {}});
  return words;
}

unsigned own_conditions(const RuleWords& words) {
  unsigned own = 0;
  for (const Condition& condition : words.conditions) own |= own_bit(condition.id);
  return own;
}

class Former {
 public:
  Former(const rules::Rule& rule, const RuleWords& words) : rule_(rule), words_(words) {}

  rules::YamlRule form(unsigned own) const {
    rules::YamlRule yaml;
    for (const Condition& condition : words_.conditions)
      if (!take(condition, own, yaml)) yaml.where.push_back({condition_text(condition), {}});
    rules::YamlWords& calls = rule_.list == rules::List::kIoUring ? yaml.io_uring : yaml.syscalls;
    for (const std::string& name : words_.syscalls) calls.push_back({base::lower(name), {}});
    // System calls without an arch are those of every ABI to YAML, and numbers of one ABI to auditctl.
    if (!yaml.syscalls.empty() && yaml.arches.empty()) {
      if (rule_.syscalls.is_all())
        yaml.syscalls.clear();
      else
        yaml.arches.push_back({"any", {}});
    }
    for (const std::string& key : words_.keys) {
      // An empty first key is none; a later one ends the key field with a separator.
      if (!key.empty() || !yaml.keys.empty()) yaml.keys.push_back({key, {}});
    }
    name_list(yaml);
    // Without an arch YAML loads the fast form; this is auditctl's -w and its like.
    if (rules::is_short_form(yaml)) yaml.arches.push_back({"any", {}});
    return yaml;
  }

 private:
  static bool take(const Condition& condition, unsigned own, rules::YamlRule& yaml) {
    if (condition.op != rules::Operator::kEqual || condition.compares) return false;
    const rules::FieldRow& row = rules::field_row(condition.id);
    const bool is_arch = row.kind == rules::ValueKind::kArch;
    if (!is_arch && (own & own_bit(condition.id)) == 0) return false;
    const bool is_target = row.kind == rules::ValueKind::kFile || row.kind == rules::ValueKind::kDirectory;
    if (is_target && (!yaml.paths.empty() || !yaml.dirs.empty())) return false;
    rules::YamlWords& words = yaml.*rules::yaml_words(row.yaml_key);
    if (!words.empty()) return false;
    if (row.kind == rules::ValueKind::kPermissions)
      words = permission_words(condition.value);
    else
      words.push_back({condition.value, {}});
    return true;
  }

  void name_list(rules::YamlRule& yaml) const {
    if (words_.watch) {
      yaml.watch = std::exchange(yaml.paths, {});
      if (yaml.permissions.size() == 4) yaml.permissions.clear();
    }
    rules::List list = rules::List::kExit;
    if (!yaml.filesystems.empty()) list = rules::List::kFilesystem;
    if (!yaml.io_uring.empty()) list = rules::List::kIoUring;
    if (!yaml.types.empty()) list = rules::List::kExclude;
    if (list != rule_.list) yaml.list = rules::YamlWord{std::string(rules::list_name(rule_.list)), {}};
    const bool said = rule_.action != rules::Action::kAlways || rule_.list == rules::List::kFilesystem;
    // A rule for everything has no other key, and an entry without a key is nothing.
    const bool empty = yaml_text(yaml).empty();
    if (said || empty) yaml.action = rules::YamlWord{std::string(rules::action_name(rule_.action)), {}};
  }

  const rules::Rule& rule_;
  const RuleWords& words_;
};

bool stands_for(const rules::YamlRule& yaml, const rules::WantedRule& wanted, const rules::Environment& environment) {
  rules::RuleSet set;
  config::Problems problems("");
  rules::expand(yaml, environment, set, problems);
  const auto rules = set.rules();
  return problems.empty() && rules.size() == 1 && rules::identity(rules[0].rule) == rules::identity(wanted.rule) &&
         rules[0].older_masks == wanted.older_masks;
}

}  // namespace

rules::YamlRule yaml_form(const rules::WantedRule& wanted, const RuleWords& words, std::string_view line,
                          const rules::Environment& environment) {
  // What goes to the front of the exclude list might as well go to its end: any match counts.
  if (!wanted.rule.prepend || wanted.rule.list == rules::List::kExclude) {
    const Former former(wanted.rule, words);
    const unsigned present = own_conditions(words);
    std::vector<unsigned> tries;
    for (unsigned own = 0; own <= kEvery; ++own)
      if ((own & ~present) == 0) tries.push_back(own);
    std::stable_sort(tries.begin(), tries.end(), [](unsigned a, unsigned b) {
      return std::pair(-std::popcount(a), a) < std::pair(-std::popcount(b), b);
    });
    for (const unsigned own : tries) {
      rules::YamlRule yaml = former.form(own);
      // Whether a watch is for a file or a directory turns out when it is loaded.
      if (words.watch && yaml.watch.empty()) continue;
      if (stands_for(yaml, wanted, environment)) return yaml;
      // -p behind a path hooks every system call, -F perm= only those that its letters stand for.
      if (!yaml.syscalls.empty() || yaml.permissions.empty() || wanted.rule.list != rules::List::kExit) continue;
      yaml.syscalls.push_back({"all", {}});
      if (stands_for(yaml, wanted, environment)) return yaml;
    }
  }
  rules::YamlRule yaml;
  yaml.auditctl = rules::YamlWord{std::string(line), {}};
  return yaml;
}

}  // namespace naudit::migrate
