// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/reconcile.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace naudit::rules {
namespace {

constexpr std::size_t kMissing = static_cast<std::size_t>(-1);

// The wanted rules of one filter list, and where each stands among the loaded ones.
struct ListState {
  std::vector<const WantedRule*> wanted;
  std::vector<std::size_t> position;  // in `loaded`, or kMissing
  bool foreign = false;               // others' rules stand in this list and stay
};

// A run of neighbours among the wanted rules that is loaded in the right order; it need not be touched.
struct Run {
  std::size_t begin = 0, end = 0;
};

// The longest one; with others' rules in the list only one from the start on, since what stands before it would have
// to be prepended, before those too.
Run longest_run(const ListState& list) {
  Run best;
  for (std::size_t begin = 0; begin < list.wanted.size();) {
    std::size_t end = begin;
    while (end < list.wanted.size() && list.position[end] != kMissing &&
           (end == begin || list.position[end] > list.position[end - 1])) {
      ++end;
    }
    if (end - begin > best.end - best.begin) best = {begin, end};
    if (list.foreign) break;
    begin = std::max(end, begin + 1);
  }
  return best;
}

class Reconciler {
 public:
  explicit Reconciler(std::span<const Rule> loaded) : loaded_(loaded) {
    for (std::size_t i = 0; i < loaded.size(); ++i) index_.try_emplace(identity(loaded[i]), i);
  }

  Plan run(std::span<const WantedRule> wanted, const OwnedRules& own, bool exclusive) {
    used_.assign(loaded_.size(), false);
    for (const WantedRule& rule : wanted) {
      ListState& list = lists_[rule.rule.list];
      list.wanted.push_back(&rule);
      list.position.push_back(find(rule));
    }
    std::vector<Change> removals;
    for (std::size_t i = 0; i < loaded_.size(); ++i) {
      if (used_[i]) continue;
      if (exclusive || own.contains(loaded_[i])) {
        removals.push_back({Change::Kind::kRemove, loaded_[i], nullptr});
      } else {
        ++plan_.foreign;
        if (const auto list = lists_.find(loaded_[i].list); list != lists_.end()) list->second.foreign = true;
      }
    }
    for (const auto& [number, list] : lists_) order(list);
    plan_.changes.insert(plan_.changes.end(), removals.begin(), removals.end());
    return std::move(plan_);
  }

 private:
  std::size_t find(const WantedRule& wanted) {
    auto found = index_.find(identity(wanted.rule));
    if (found == index_.end()) {
      if (const auto older = older_form(wanted)) found = index_.find(identity(*older));
    }
    if (found == index_.end() || used_[found->second]) return kMissing;
    used_[found->second] = true;
    return found->second;
  }

  void order(const ListState& list) {
    const Run run = longest_run(list);
    plan_.kept += run.end - run.begin;
    // The ones before the run go to the front, so the last of them first.
    for (std::size_t i = run.begin; i-- > 0;) place(list, i, true);
    for (std::size_t i = run.end; i < list.wanted.size(); ++i) place(list, i, false);
  }

  void place(const ListState& list, std::size_t i, bool prepend) {
    // The kernel takes no rule twice, so one at the wrong place must go first.
    if (list.position[i] != kMissing) {
      plan_.changes.push_back({Change::Kind::kRemove, loaded_[list.position[i]], nullptr});
    }
    Change add{Change::Kind::kAdd, list.wanted[i]->rule, list.wanted[i]};
    add.rule.prepend = prepend;
    plan_.changes.push_back(std::move(add));
  }

  std::span<const Rule> loaded_;
  std::unordered_map<std::string, std::size_t> index_;
  std::vector<bool> used_;
  std::map<List, ListState> lists_;
  Plan plan_;
};

// True when the change stands as if we had made it.
bool came_true(Change::Kind kind, std::error_code error) {
  return kind == Change::Kind::kAdd ? error == std::errc::file_exists : error == std::errc::no_such_file_or_directory;
}

netlink::Result<void> make(Change::Kind kind, const Rule& rule, KernelRules& kernel) {
  return kind == Change::Kind::kAdd ? kernel.add(rule) : kernel.remove(rule);
}

}  // namespace

Plan reconcile(std::span<const WantedRule> wanted, std::span<const Rule> loaded, const OwnedRules& own,
               bool exclusive) {
  return Reconciler(loaded).run(wanted, own, exclusive);
}

ApplyResult apply(const Plan& plan, KernelRules& kernel, bool lenient) {
  ApplyResult result;
  std::vector<const Change*> made;
  for (const Change& change : plan.changes) {
    const auto done = make(change.kind, change.rule, kernel);
    if (done) {
      made.push_back(&change);
      ++(change.kind == Change::Kind::kAdd ? result.added : result.removed);
    } else if (!came_true(change.kind, done.error())) {
      result.refusals.push_back({&change, done.error()});
      if (!lenient) break;
    }
  }
  if (result.refusals.empty() || lenient) return result;
  result.added = result.removed = 0;
  for (auto change = made.rbegin(); change != made.rend(); ++change) {
    const auto back = (*change)->kind == Change::Kind::kAdd ? Change::Kind::kRemove : Change::Kind::kAdd;
    const auto undone = make(back, (*change)->rule, kernel);
    if (!undone && !came_true(back, undone.error())) ++result.not_undone;
  }
  return result;
}

}  // namespace naudit::rules
