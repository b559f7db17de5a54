// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rules/kernel/reconcile.hpp"
#include "rules/rule/rule_set.hpp"

namespace naudit::rules {

struct TransactionOptions {
  std::string state_file;  // which rules are ours; see OwnedRules. Empty: none is remembered.
  bool exclusive = false;
  OnRefusal on_refusal = OnRefusal::kTakeBack;
  // The wanted rules are a part of what was meant, because a file could not be read: nothing is removed, and the kernel
  // is not locked.
  bool is_part = false;
};

struct TransactionReport {
  Plan plan;
  std::size_t added = 0, removed = 0, moved = 0;  // what was done and stands
  bool rolled_back = false;                       // the kernel refused something, and the rules are as before
  bool locked = false;                  // enabled 2: nothing was changed, the plan is what waits for the next boot
  std::vector<base::Problem> problems;  // what is not loaded or not set, and why
  std::vector<WantedRule> left_out;     // the wanted rules that the kernel refused, if it was not rolled back
  std::size_t waiting = 0;              // how many rules are not as they are wanted
  std::string not_remembered;           // why the state file could not be written; empty if it was
};

// The kernel's `enabled` that lasts until a reboot: it takes no rule and no setting any more.
inline constexpr std::uint32_t kLocked = 2;

// How many rules the plan loads, removes or moves.
std::size_t differences(const Plan& plan);
// The wanted rules but these.
std::vector<WantedRule> without(const std::vector<WantedRule>& wanted, const std::vector<WantedRule>& left_out);
// "locked: 3 rules wait for a reboot": what everybody says who may not change the rules (enabled 2).
std::string locked_text(std::size_t waiting);

// What would be changed. Throws base::Error when the kernel does not answer.
Plan plan_load(const std::vector<WantedRule>& wanted, KernelRules& kernel, const TransactionOptions& options);

// Brings the kernel to the set: rules first, then settings, and the lock last. On a refusal the rules are as before, or
// what on_refusal says, the kernel is not locked, and the problem names the file and the line. A path that cannot be
// looked up leaves out its rule only (is_about_path()), and does not keep the kernel from being locked either: else
// whoever owns a folder could decide that. The state file is written before and after; that it cannot be is told and
// stops nothing. `wanted` must outlive the report. Throws base::Error when the kernel does not answer.
TransactionReport load_into_kernel(const RuleSet& set, const std::vector<WantedRule>& wanted, KernelRules& kernel,
                                   KernelSettings& settings, const TransactionOptions& options);

}  // namespace naudit::rules
