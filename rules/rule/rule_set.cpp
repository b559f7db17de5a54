// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/rule/rule_set.hpp"

namespace naudit::rules {

void RuleSet::add(WantedRule rule) {
  const auto [found, added] = places_.try_emplace(identity(rule.rule), rule.place);
  if (!added) {
    note(rule.place, "the same rule stands at " + found->second.text() + "; it is loaded once");
    return;
  }
  std::vector<WantedRule>& part = rule.rule.prepend ? first_ : rules_;
  rule.rule.prepend = false;
  part.push_back(std::move(rule));
}

void RuleSet::note(base::Place place, std::string text) {
  base::Problem problem{std::move(place), std::move(text)};
  if (told_.insert(problem.text()).second) notes_.push_back(std::move(problem));
}

bool RuleSet::remove(const Rule& rule) {
  const std::string wanted = identity(rule);
  if (places_.erase(wanted) == 0) return false;
  const auto same = [&wanted](const WantedRule& other) { return identity(other.rule) == wanted; };
  std::erase_if(first_, same);
  std::erase_if(rules_, same);
  return true;
}

std::vector<WantedRule> RuleSet::rules() const {
  std::vector<WantedRule> all(first_.rbegin(), first_.rend());
  all.insert(all.end(), rules_.begin(), rules_.end());
  return all;
}

void RuleSet::set(const netlink::StatusChange& change, const base::Place& place) {
  settings.take(change);
  set_.emplace_back(change, place);
}

base::Place RuleSet::place_of(std::optional<std::uint32_t> netlink::StatusChange::* setting) const {
  for (auto one = set_.rbegin(); one != set_.rend(); ++one)
    if (one->first.*setting) return one->second;
  return {};
}

}  // namespace naudit::rules
