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

// One advice: where, what is wrong, and the way out. `check` is its kind in one word, for programs ("no-arch");
// docs/rules.md lists them. What is true of several rules is one advice.
struct Advice {
  base::Place place;
  std::string_view check;
  std::string message;
  std::string remedy;             // may be empty
  std::vector<base::Place> more;  // the other rules of which it is true

  // "lines 4, 7 and 9": the other rules; empty without them.
  [[nodiscard]] std::string also() const;
  // "file:line:column: message; remedy (also lines 4 and 7) [check]"
  [[nodiscard]] std::string text() const;
};

struct LintOptions {
  bool every_path = false;  // each path that is not here by itself
};

// Advice on rules that the kernel takes and that their author would not want: rules that turn auditing off, that are
// never reached or can never fit, that mean other calls to 32-bit programs, that hook every call of every process or
// make more events than a machine can bear, that throw away what other rules are for, paths that are not there. In the
// order of the rules. Pure, except for the environment.
std::vector<Advice> lint(std::span<const WantedRule> rules, const Environment& environment, LintOptions options = {});

// Those that say that something which the author wants is not recorded; import and --check tell them too.
bool is_loss(const Advice& advice) noexcept;

}  // namespace naudit::rules
