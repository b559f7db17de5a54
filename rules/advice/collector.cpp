// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/advice/collector.hpp"

#include <algorithm>

namespace naudit::rules {

void AdviceCollector::add(const base::Place& place, std::string_view check, std::string message, std::string remedy) {
  const std::string kind = message + '\n' + remedy;
  add_to(kind, place, check, std::move(message), std::move(remedy));
}

void AdviceCollector::add_to(const std::string& kind, const base::Place& place, std::string_view check,
                             std::string message, std::string remedy) {
  const auto [found, is_new] = known_.try_emplace(std::string(check) + '\n' + kind, advice_.size());
  if (is_new) {
    advice_.push_back({place, check, std::move(message), std::move(remedy), {}});
    return;
  }
  Advice& advice = advice_[found->second];
  // One entry of YAML makes several rules, mostly one after the other.
  const bool told = advice.place == place || (!advice.more.empty() && advice.more.back() == place);
  if (!told) advice.more.push_back(place);
}

}  // namespace naudit::rules
