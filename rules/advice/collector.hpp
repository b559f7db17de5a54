// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rules/advice/lint.hpp"

namespace naudit::rules {

// Puts together what is said of rules: the same said of another rule becomes a place of the first advice. Owner:
// lint(), for one set.
class AdviceCollector {
 public:
  void add(const base::Place& place, std::string_view check, std::string message, std::string remedy);
  // The same when `kind` is: only the first message counts.
  void add_to(const std::string& kind, const base::Place& place, std::string_view check, std::string message,
              std::string remedy);
  [[nodiscard]] std::vector<Advice> take() { return std::move(advice_); }

 private:
  std::vector<Advice> advice_;
  std::unordered_map<std::string, std::size_t> known_;  // in advice_
};

}  // namespace naudit::rules
