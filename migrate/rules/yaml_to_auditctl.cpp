// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/rules/yaml_to_auditctl.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "base/text.hpp"
#include "rules/auditctl/file.hpp"
#include "rules/auditctl/syntax.hpp"
#include "rules/rule/field_value.hpp"
#include "rules/rule/fields.hpp"
#include "rules/rule/names.hpp"
#include "rules/rule/perm_mask.hpp"
#include "rules/yaml/expand.hpp"
#include "tables/syscalls.hpp"

namespace naudit::migrate {
namespace {

// What the rule that a line asks for is, or nothing.
std::optional<std::string> meaning(const std::string& line, const rules::Environment& environment) {
  const auto lines = rules::read_rule_lines(line);
  if (lines.size() != 1) return std::nullopt;
  const rules::Command command = rules::parse_auditctl(lines[0].words, environment);
  if (command.failed) return std::nullopt;
  for (const rules::Step& step : command.steps)
    if (const auto* add = std::get_if<rules::step::AddRule>(&step)) return rules::identity(add->rule.rule);
  return std::nullopt;
}

class Lines {
 public:
  Lines(const rules::YamlRule& yaml, const rules::Environment& environment) : yaml_(yaml), environment_(environment) {}

  std::unordered_map<std::string, std::string> all() {
    if (yaml_.auditctl) {
      keep(yaml_.auditctl->text);
      return std::move(lines_);
    }
    rules::for_each_combination(yaml_, environment_, [this](const rules::YamlCombination& combination) {
      keep(line(combination));
      return true;
    });
    return std::move(lines_);
  }

 private:
  void keep(std::string line) {
    if (auto what = meaning(line, environment_)) lines_.try_emplace(std::move(*what), std::move(line));
  }

  [[nodiscard]] std::string letters() const {
    std::uint32_t bits = 0;
    for (const rules::YamlWord& word : yaml_.permissions) bits |= rules::permission_by_word(word.text).value_or(0);
    return rules::perm_letters(bits != 0 || yaml_.watch.empty() ? bits : rules::kPermAll);
  }

  // The names that the arch has.
  std::string calls(const std::optional<rules::YamlTarget>& arch) const {
    const auto word =
        arch ? rules::parse_arch(arch->value, environment_) : rules::Parsed<tables::ArchWord>(environment_.native);
    std::string list;
    for (const rules::YamlWord& call : yaml_.syscalls) {
      const bool known = call.text == "all" || (call.text[0] >= '0' && call.text[0] <= '9') ||
                         (word && tables::syscall_number(*word, call.text));
      if (known) list += (list.empty() ? "" : ",") + call.text;
    }
    for (const std::string_view call : rules::calls_of_short_form(yaml_, arch, environment_))
      list += (list.empty() ? "" : ",") + std::string(call);
    for (const rules::YamlWord& call : yaml_.io_uring) list += (list.empty() ? "" : ",") + call.text;
    return list;
  }

  [[nodiscard]] std::string list_and_action() const {
    const char* list = !yaml_.types.empty()         ? "exclude"
                       : !yaml_.io_uring.empty()    ? "io_uring"
                       : !yaml_.filesystems.empty() ? "filesystem"
                                                    : "exit";
    return (yaml_.action ? yaml_.action->text : "always") + ',' + (yaml_.list ? yaml_.list->text : list);
  }

  static std::string condition(std::string_view text) {
    const std::size_t end =
        std::min(text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ ",
                                        text.find_first_not_of(' ')),
                 text.size());
    const auto op = rules::operator_at(text.substr(end));
    if (!op) return {};
    const std::string_view name = base::trimmed(text.substr(0, end));
    const std::string_view value = base::trimmed(text.substr(end + op->length));
    const auto left = rules::field_by_name(name);
    const auto right = rules::field_by_name(value);
    const bool compares = left && right && rules::comparison(*left, *right);
    return std::string(compares ? " -C " : " -F ") +
           rules::escape_word(std::string(name) + std::string(rules::operator_text(op->op)) + std::string(value));
  }

  [[nodiscard]] std::string line(const rules::YamlCombination& combination) const {
    const auto& [arch, targets] = combination;
    // Whether a watch is for a file or a directory turns out when it is loaded, if its line can wait for that.
    const rules::YamlWord* const watch = targets.empty() || arch ? nullptr : targets[0].watch;
    std::string line =
        watch != nullptr ? "-w " + rules::escape_word(watch->text) + " -p " + letters() : "-a " + list_and_action();
    if (arch) line += " -F " + rules::escape_word("arch=" + arch->value);
    std::string rest;
    bool anchored = watch != nullptr || !yaml_.permissions.empty();
    bool permissions = watch != nullptr || (yaml_.permissions.empty() && yaml_.watch.empty());
    for (const rules::YamlTarget& target : targets) {
      if (watch != nullptr && target.watch == watch) continue;
      const rules::FieldRow& row = rules::field_row(target.field);
      const bool path = row.kind == rules::ValueKind::kFile || row.kind == rules::ValueKind::kDirectory;
      rest += " -F " + rules::escape_word(std::string(row.name) + '=' + target.value);
      anchored = anchored || row.anchor != 0;
      if (path && !permissions) rest += " -F perm=" + letters();
      permissions = permissions || path;
    }
    if (!permissions) rest += " -F perm=" + letters();
    for (const rules::YamlWord& word : yaml_.where) rest += condition(word.text);
    const std::string names = calls(arch);
    if (!names.empty())
      line += " -S " + names;
    else if (!anchored && list_and_action().ends_with(",exit"))
      line += " -S all";  // auditctl takes no key without one
    line += rest;
    for (const rules::YamlWords* words : {&yaml_.keys, &yaml_.tags})
      for (const rules::YamlWord& word : *words)
        line += word.text.empty() ? " -F key=" : " -k " + rules::escape_word(word.text);
    return line;
  }

  const rules::YamlRule& yaml_;
  const rules::Environment& environment_;
  std::unordered_map<std::string, std::string> lines_;
};

}  // namespace

std::vector<std::string> auditctl_lines(const rules::YamlRule& yaml, std::span<const rules::WantedRule> rules,
                                        const rules::Environment& environment) {
  const auto known = Lines(yaml, environment).all();
  std::vector<std::string> lines;
  for (const rules::WantedRule& wanted : rules) {
    const auto found = known.find(rules::identity(wanted.rule));
    lines.push_back(found == known.end() ? std::string() : found->second);
  }
  return lines;
}

}  // namespace naudit::migrate
