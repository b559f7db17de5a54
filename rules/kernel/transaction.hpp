// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <vector>

#include "rules/kernel/reconcile.hpp"
#include "rules/rule/rule_set.hpp"

namespace naudit::rules {

struct TransactionOptions {
  std::string state_file;  // which rules are ours; see OwnedRules. Empty: none is remembered.
  bool exclusive = false;
  bool lenient = false;
};

struct TransactionReport {
  Plan plan;
  std::size_t added = 0, removed = 0, moved = 0;  // what was done and stands
  bool rolled_back = false;                       // the kernel refused something, and the rules are as before
  bool locked = false;  // enabled 2: nothing was changed, the plan is what waits for the next boot
  std::vector<base::Problem> problems;
};

// What would be changed. Throws base::Error when the kernel does not answer.
Plan plan_load(const std::vector<WantedRule>& wanted, KernelRules& kernel, const TransactionOptions& options);

// Brings the kernel to the set: rules first, then settings, and the lock last and only if all went well. On a refusal
// the rules are as before, and the problem names the file and the line. The state file is written before and after.
// `wanted` must outlive the report. Throws base::Error when the kernel does not answer or the state cannot be kept.
TransactionReport load_into_kernel(const RuleSet& set, const std::vector<WantedRule>& wanted, KernelRules& kernel,
                                   KernelSettings& settings, const TransactionOptions& options);

}  // namespace naudit::rules
