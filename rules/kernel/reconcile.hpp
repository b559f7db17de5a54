// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "rules/kernel/kernel_rules.hpp"
#include "rules/kernel/owned.hpp"
#include "rules/rule/rule.hpp"

namespace naudit::rules {

// One request to the kernel on the way from what is loaded to what is wanted.
struct Change {
  enum class Kind : std::uint8_t { kAdd, kRemove };
  // Why: something is missing or no longer wanted; or a rule stands at the wrong place and moves.
  enum class Part : std::uint8_t { kDifference, kMove };
  Kind kind = Kind::kAdd;
  Rule rule;
  const WantedRule* wanted = nullptr;  // where an added rule comes from; points into the span given to reconcile()
  Part part = Part::kDifference;
  bool is_bridge = false;
  bool follows = false;  // makes no sense if the change before it was not made
};

struct Plan {
  std::vector<Change> changes;    // in the order in which they must be made
  std::size_t kept = 0;           // wanted rules that are loaded, and at their place
  std::size_t missing = 0;        // wanted rules that are not loaded
  std::size_t moved = 0;          // wanted rules that stand at the wrong place
  std::size_t unwanted = 0;       // loaded rules that go
  std::vector<Rule> foreign;      // rules of others, left alone
  std::vector<Rule> ours_before;  // what is loaded and ours, in its order; only if something is to be removed
};

// The least that must be changed: what is loaded and wanted stays; what is wanted and missing is added, first; what is
// ours and no longer wanted is removed, last; rules of others stay, unless `exclusive`. Within a list the wanted rules
// end up in their order, because the kernel takes the first that matches, and takes new rules at the ends only; so a
// rule that stands at the wrong place is removed and added again, while a bridge() watches in its stead. Both forms of
// a `perm` rule count as the wanted one. Pure.
Plan reconcile(std::span<const WantedRule> wanted, std::span<const Rule> loaded, const OwnedRules& own, bool exclusive);

// A rule that matches the same and that the kernel takes beside it: with a condition more that always holds or, where
// there is no room for one, with two conditions exchanged. Empty for a rule that allows neither.
std::optional<Rule> bridge(const Rule& rule);

struct Refusal {
  const Change* change;  // of the plan
  std::error_code error;
};

// Whether the kernel refused because of the path in the rule: it looks `path`, `dir` and `exe` up when the rule is
// loaded (kernel/audit_watch.c, audit_get_nd; kernel/audit_tree.c, audit_add_tree_rule; kernel/audit_fsnotify.c,
// audit_alloc_mark), so that anybody who owns a folder on the way decides whether it can. Such a rule is left out by
// itself, whatever is done about other refusals. EINVAL of a rule with a path counts too: it is what a path gets that
// is not absolute or ends in '/'.
bool is_about_path(const Rule& rule, std::error_code error);

// What becomes of the others when the kernel refuses a change for another reason than its path.
enum class OnRefusal : std::uint8_t {
  kTakeBack,  // all is taken back: our rules stand as before, in the same order
  kLeaveOut,  // the others are made
  kKeep,      // the others are made, but what is no longer wanted stays: it may be what the refused one replaces
};

struct ApplyResult {
  std::size_t added = 0, removed = 0, moved = 0;  // what was done and stands
  std::vector<Refusal> refusals;
  bool taken_back = false;
  std::size_t not_undone = 0;  // changes that could not be taken back after a refusal
};

// Makes the changes in order. A rule that is there already, or gone already, is no refusal: somebody else was quicker.
ApplyResult apply(const Plan& plan, KernelRules& kernel, OnRefusal on_refusal = OnRefusal::kTakeBack);

}  // namespace naudit::rules
