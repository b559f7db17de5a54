// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule/environment.hpp"
#include "rules/rule/rule_set.hpp"
#include "rules/yaml/entry.hpp"

namespace naudit::rules {

// One thing that a kernel rule hangs on, of the several that a YAML rule may name.
struct YamlTarget {
  FieldId field = FieldId::kPid;
  std::string value;  // as the kernel gets it: a path has no slash at its end
  base::Place place;
  // The word of `watch` as it was written, whose field is dir or path by what is there now; else null.
  const YamlWord* watch = nullptr;
};

// One kernel rule of those that a YAML rule stands for, as far as its keys multiply it.
struct YamlCombination {
  std::optional<YamlTarget> arch;
  std::vector<YamlTarget> targets;  // in the order of the kernel rule's fields: the file or directory comes first
};

// Whether the rule says what is done to files and names neither system calls nor an arch. It is then for every ABI of
// the machine and hooks only the calls that its permissions stand for, which is what makes it fast; `arch: any` is one
// rule that is looked at in every call, as auditctl's -w is.
bool is_short_form(const YamlRule& rule) noexcept;
// The calls that such a rule names besides, on an arch, so that nothing is left out there: auditctl's choice of calls
// for permissions lacks some of i386. Empty for other rules.
std::vector<std::string_view> calls_of_short_form(const YamlRule& rule, const std::optional<YamlTarget>& arch,
                                                  const Environment& environment);

// Calls `use` for each combination of the rule's arches, files and directories, programs, record types and file
// systems, in the order of the kernel rules, until it says false. A rule that names system calls and no arch, and one
// of the short form, is for every ABI of the machine. Not for a rule that is a line of auditctl. Pure, except for the
// environment.
void for_each_combination(const YamlRule& rule, const Environment& environment,
                          const std::function<bool(const YamlCombination&)>& use);

// Adds the kernel rules that it stands for to the set.
void expand(const YamlRule& rule, const Environment& environment, RuleSet& set, config::Problems& problems);

}  // namespace naudit::rules
