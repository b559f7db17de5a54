// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "rules/kernel_rules.hpp"
#include "rules/owned.hpp"
#include "rules/rule.hpp"

namespace naudit::rules {

// One request to the kernel on the way from what is loaded to what is wanted.
struct Change {
  enum class Kind : std::uint8_t { kAdd, kRemove };
  Kind kind = Kind::kAdd;
  Rule rule;
  const WantedRule* wanted = nullptr;  // where an added rule comes from; points into the span given to reconcile()
};

struct Plan {
  std::vector<Change> changes;  // in the order in which they must be made
  std::size_t kept = 0;         // wanted rules that are loaded already
  std::size_t foreign = 0;      // rules of others, left alone
};

// The least that must be changed: what is loaded and wanted stays; what is wanted and missing is added, first; what is
// ours and no longer wanted is removed, last; rules of others stay, unless `exclusive`. Within a list the wanted rules
// end up in their order, because the kernel takes the first that matches; a rule that stands at the wrong place is
// removed and added again at once. Both forms of a `perm` rule count as the wanted one. Pure.
Plan reconcile(std::span<const WantedRule> wanted, std::span<const Rule> loaded, const OwnedRules& own, bool exclusive);

struct Refusal {
  const Change* change;  // of the plan
  std::error_code error;
};

struct ApplyResult {
  std::size_t added = 0, removed = 0;  // what was done and stands
  std::vector<Refusal> refusals;
  std::size_t not_undone = 0;  // changes that could not be taken back after a refusal
};

// Makes the changes in order. When the kernel refuses one, those before are taken back in reverse; when lenient, the
// others are made. A rule that is there already, or gone already, is no refusal: somebody else was quicker.
ApplyResult apply(const Plan& plan, KernelRules& kernel, bool lenient = false);

}  // namespace naudit::rules
