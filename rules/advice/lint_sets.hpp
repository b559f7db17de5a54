// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rules/advice/lint.hpp"
#include "rules/rule/rule.hpp"

namespace naudit::rules {

// The part of lint() that looks at a rule among the others: never reached, without effect, better as one, making
// events of those who read events. Owner: lint(), for one set. Pure.
class SetLinter {
 public:
  SetLinter(std::span<const WantedRule> rules, tables::ArchWord native, std::vector<Advice>& advice)
      : rules_(rules), native_(native), advice_(advice) {}

  // Rules must be looked at in their order.
  void look(std::size_t index);

 private:
  void advise(const WantedRule& rule, std::string_view check, std::string text);
  bool unreached(std::size_t index);
  void without_effect(std::size_t index);
  void mergeable(std::size_t index);
  void feedback(std::size_t index);

  std::span<const WantedRule> rules_;
  tables::ArchWord native_;
  std::vector<Advice>& advice_;
  std::unordered_map<std::string, std::size_t> same_conditions_;  // the first rule with them
  bool feedback_told_ = false;
};

}  // namespace naudit::rules
