// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "library/border.hpp"
#include "migrate/rules/import.hpp"
#include "rules/auditctl/listing.hpp"
#include "rules/kernel/wire.hpp"
#include "rules/read.hpp"
#include "rules/rule/environment.hpp"
#include "rules/rule/rule_set.hpp"
#include "rules/yaml/reader.hpp"

using naudit::base::Problem;
using naudit::library::guarded;
using naudit::library::Message;
using naudit::library::text_of;

namespace rules = naudit::rules;

// The set of naudit.h: what was added, and its rules in every form that somebody has asked for.
struct naudit_rules {
  struct Form {
    rules::Rule rule;
    std::vector<std::byte> bytes;
    std::string line;
  };

  // Adds what `read` puts into a set, or nothing and throws.
  template <typename Read>
  void add(Read read) {
    rules::RuleSet changed = set;
    std::vector<Problem> problems;
    read(changed, problems);
    if (!problems.empty()) throw naudit::base::Error(std::move(problems));
    std::vector<Form> made;
    for (rules::WantedRule& wanted : changed.rules()) made.push_back({std::move(wanted.rule), {}, {}});
    set = std::move(changed);
    forms = std::move(made);
    yaml.clear();
  }

  Message message;
  rules::Environment environment = rules::system_environment();
  rules::RuleSet set;
  std::vector<Form> forms;
  std::string yaml;  // empty: not made yet
};

namespace {

std::string_view view(const char* text, std::size_t size) noexcept {
  return size == 0 ? std::string_view() : std::string_view(text, size);
}

const std::string& line_of(naudit_rules& rules, naudit_rules::Form& form) {
  if (form.line.empty()) form.line = rules::rule_line(form.rule, rules.environment.native);
  return form.line;
}

const std::string& yaml_of(naudit_rules& rules) {
  if (!rules.yaml.empty()) return rules.yaml;
  std::string lines;
  for (naudit_rules::Form& form : rules.forms) (lines += line_of(rules, form)) += '\n';
  naudit::migrate::Imported imported = naudit::migrate::import_rules(lines, "rules", rules.environment);
  if (!imported.errors.empty()) throw naudit::base::Error(std::move(imported.errors));
  rules.yaml = std::move(imported.yaml);
  return rules.yaml;
}

// Runs `make`, which returns a string or bytes of the set, for `out`.
template <typename Make>
naudit_result answer(naudit_rules* rules, naudit_text* out, Make make) noexcept {
  if (out == nullptr) return NAUDIT_ERROR_ARGUMENT;
  *out = {nullptr, 0};
  if (rules == nullptr) return NAUDIT_ERROR_ARGUMENT;
  return guarded(rules->message, [&] {
    const auto& made = make();
    *out = text_of({reinterpret_cast<const char*>(made.data()), made.size()});
    return NAUDIT_OK;
  });
}

naudit_rules::Form& form_at(naudit_rules& rules, std::size_t index) {
  if (index >= rules.forms.size())
    throw naudit::base::Error("there are only " + std::to_string(rules.forms.size()) + " rules");
  return rules.forms[index];
}

}  // namespace

naudit_result naudit_rules_new(naudit_rules** rules) {
  if (rules == nullptr) return NAUDIT_ERROR_ARGUMENT;
  *rules = nullptr;
  Message unheard;
  return guarded(unheard, [&] {
    *rules = new naudit_rules;
    return NAUDIT_OK;
  });
}

void naudit_rules_free(naudit_rules* rules) {
  delete rules;
}

naudit_result naudit_rules_add_text(naudit_rules* rules, const char* name, const char* text, size_t size) {
  if (rules == nullptr || name == nullptr || (text == nullptr && size > 0)) return NAUDIT_ERROR_ARGUMENT;
  return guarded(rules->message, [&] {
    rules->add([&](rules::RuleSet& set, std::vector<Problem>& problems) {
      rules::read_auditctl_rules(view(text, size), name, rules->environment, false, set, problems);
    });
    return NAUDIT_OK;
  });
}

naudit_result naudit_rules_add_yaml(naudit_rules* rules, const char* name, const char* text, size_t size) {
  if (rules == nullptr || name == nullptr || (text == nullptr && size > 0)) return NAUDIT_ERROR_ARGUMENT;
  return guarded(rules->message, [&] {
    rules->add([&](rules::RuleSet& set, std::vector<Problem>& problems) {
      rules::read_yaml_text(std::string(view(text, size)), name, rules->environment, {}, set, problems);
    });
    return NAUDIT_OK;
  });
}

naudit_result naudit_rules_add_kernel(naudit_rules* rules, const void* bytes, size_t size) {
  if (rules == nullptr || (bytes == nullptr && size > 0)) return NAUDIT_ERROR_ARGUMENT;
  return guarded(rules->message, [&] {
    auto rule = rules::decode(std::span(static_cast<const std::byte*>(bytes), size));
    if (!rule) throw naudit::base::Error(rule.error());
    rules->add([&](rules::RuleSet& set, std::vector<Problem>& /*problems*/) {
      rules::WantedRule wanted;
      wanted.rule = std::move(*rule);
      set.add(std::move(wanted));
    });
    return NAUDIT_OK;
  });
}

naudit_text naudit_rules_message(const naudit_rules* rules) {
  return rules == nullptr ? naudit_text{nullptr, 0} : rules->message.text();
}

size_t naudit_rules_count(const naudit_rules* rules) {
  return rules == nullptr ? 0 : rules->forms.size();
}

naudit_result naudit_rules_kernel(naudit_rules* rules, size_t index, naudit_text* bytes) {
  return answer(rules, bytes, [&]() -> const std::vector<std::byte>& {
    naudit_rules::Form& form = form_at(*rules, index);
    if (form.bytes.empty()) form.bytes = rules::encode(form.rule);
    return form.bytes;
  });
}

naudit_result naudit_rules_line(naudit_rules* rules, size_t index, naudit_text* line) {
  return answer(rules, line, [&]() -> const std::string& { return line_of(*rules, form_at(*rules, index)); });
}

naudit_result naudit_rules_yaml(naudit_rules* rules, naudit_text* text) {
  return answer(rules, text, [&]() -> const std::string& { return yaml_of(*rules); });
}
