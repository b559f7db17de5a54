// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "rules/rule/environment.hpp"
#include "rules/rule/rule.hpp"

namespace naudit::rules {

// One advice: where, what is wrong, and what to do. `check` is its kind in one word, for programs ("no-arch");
// docs/rules.md lists them.
struct Advice {
  base::Place place;
  std::string_view check;
  std::string message;

  // "file:line:column: message [check]"
  [[nodiscard]] std::string text() const;
};

// Advice on rules that the kernel takes and that their author would not want: rules that turn auditing off, that are
// never reached or can never fit, that mean other calls to 32-bit programs, that hook every call of every process or
// make more events than a machine can bear, paths that are not there. In the order of the rules. Pure but for the
// environment.
std::vector<Advice> lint(std::span<const WantedRule> rules, const Environment& environment);

}  // namespace naudit::rules
