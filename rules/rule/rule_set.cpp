// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/rule/rule_set.hpp"

#include "rules/rule/places.hpp"

namespace naudit::rules {

void RuleSet::add(WantedRule rule) {
  const auto [found, added] = places_.try_emplace(identity(rule.rule), rule.place);
  if (!added) {
    const Twice twice{std::move(rule.place), found->second};
    // One entry of YAML makes several rules.
    const bool told = !twice_.empty() && twice_.back().place == twice.place && twice_.back().first == twice.first;
    if (!told) twice_.push_back(twice);
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

std::vector<base::Problem> RuleSet::notes() const {
  std::vector<base::Problem> all = notes_;
  std::vector<bool> told(twice_.size(), false);
  for (std::size_t i = 0; i < twice_.size(); ++i) {
    if (told[i]) continue;
    std::vector<base::Place> again, first;
    for (std::size_t j = i; j < twice_.size(); ++j) {
      if (twice_[j].place.file != twice_[i].place.file || twice_[j].first.file != twice_[i].first.file) continue;
      told[j] = true;
      again.push_back(twice_[j].place);
      first.push_back(twice_[j].first);
    }
    const base::Place& place = twice_[i].place;
    if (again.size() == 1) {
      all.push_back({place, "the same rule stands at " + first[0].text() + "; it is loaded once"});
      continue;
    }
    all.push_back({place, std::to_string(again.size()) + " rules stand here again and are loaded once: " +
                              places_text(again, place.file) + "; first " +
                              (first[0].file == place.file ? "in " : "at ") + places_text(first, place.file)});
  }
  return all;
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
