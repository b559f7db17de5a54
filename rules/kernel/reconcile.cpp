// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/kernel/reconcile.hpp"

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <map>
#include <unordered_map>

#include "rules/rule/fields.hpp"

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
    assign(wanted);
    std::vector<Change> removals;
    std::vector<bool> ours = used_;
    for (std::size_t i = 0; i < loaded_.size(); ++i) {
      if (used_[i]) continue;
      ours[i] = own.contains(loaded_[i]);
      if (exclusive || ours[i]) {
        removals.push_back({.kind = Change::Kind::kRemove, .rule = loaded_[i]});
      } else {
        plan_.foreign.push_back(loaded_[i]);
        if (const auto list = lists_.find(loaded_[i].list); list != lists_.end()) list->second.foreign = true;
      }
    }
    order_all();
    plan_.unwanted = removals.size();
    if (plan_.moved + plan_.unwanted > 0) {
      for (std::size_t i = 0; i < loaded_.size(); ++i)
        if (ours[i] || exclusive) plan_.ours_before.push_back(loaded_[i]);
    }
    plan_.changes.insert(plan_.changes.end(), removals.begin(), removals.end());
    return std::move(plan_);
  }

 private:
  // A rule in its own form is that rule's; only what is then left may be the older form of another.
  void assign(std::span<const WantedRule> wanted) {
    std::vector<std::size_t> positions(wanted.size(), kMissing);
    for (std::size_t i = 0; i < wanted.size(); ++i) positions[i] = take(wanted[i].rule);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (positions[i] != kMissing) continue;
      for (const Rule& older : older_forms(wanted[i]))
        if (positions[i] == kMissing) positions[i] = take(older);
    }
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      ListState& list = lists_[wanted[i].rule.list];
      list.wanted.push_back(&wanted[i]);
      list.position.push_back(positions[i]);
    }
  }

  std::size_t take(const Rule& rule) {
    const auto found = index_.find(identity(rule));
    if (found == index_.end() || used_[found->second]) return kMissing;
    used_[found->second] = true;
    return found->second;
  }

  // Lists that only get more come first: most refusals are met before anything has moved.
  void order_all() {
    std::vector<Change> later;
    for (const auto& [number, list] : lists_) {
      changes_.clear();
      const std::size_t moved = plan_.moved;
      order(list);
      std::vector<Change>& to = plan_.moved > moved ? later : plan_.changes;
      std::ranges::move(changes_, std::back_inserter(to));
    }
    std::ranges::move(later, std::back_inserter(plan_.changes));
  }

  void order(const ListState& list) {
    const Run run = longest_run(list);
    plan_.kept += run.end - run.begin;
    // The ones before the run go to the front, so the last of them first.
    for (std::size_t i = run.begin; i-- > 0;) place(list, i, true);
    for (std::size_t i = run.end; i < list.wanted.size(); ++i) place(list, i, false);
  }

  void place(const ListState& list, std::size_t i, bool prepend) {
    Change add{.rule = list.wanted[i]->rule, .wanted = list.wanted[i]};
    add.rule.prepend = prepend;
    if (list.position[i] == kMissing) {
      ++plan_.missing;
      changes_.push_back(std::move(add));
    } else {
      ++plan_.moved;
      move(loaded_[list.position[i]], std::move(add));
    }
  }

  // The kernel takes no rule twice, so one at the wrong place must go before it comes.
  void move(const Rule& from, Change add) {
    add.part = Change::Part::kMove;
    Change remove{.kind = Change::Kind::kRemove, .rule = from, .part = Change::Part::kMove};
    if (identity(from) != identity(add.rule)) {  // the older form, which goes behind the newer
      remove.follows = true;
      changes_.push_back(std::move(add));
      changes_.push_back(std::move(remove));
      return;
    }
    const auto meanwhile = bridge(add.rule);
    if (meanwhile)
      changes_.push_back({.rule = *meanwhile, .wanted = add.wanted, .part = Change::Part::kMove, .is_bridge = true});
    remove.follows = meanwhile.has_value();
    add.follows = true;
    changes_.push_back(std::move(remove));
    changes_.push_back(std::move(add));
    if (meanwhile) {
      changes_.push_back({.kind = Change::Kind::kRemove,
                          .rule = *meanwhile,
                          .part = Change::Part::kMove,
                          .is_bridge = true,
                          .follows = true});
    }
  }

  std::span<const Rule> loaded_;
  std::unordered_map<std::string, std::size_t> index_;
  std::vector<bool> used_;
  std::map<List, ListState> lists_;
  std::vector<Change> changes_;  // of the list in hand
  Plan plan_;
};

// True when the change stands as if we had made it.
bool came_true(Change::Kind kind, std::error_code error) {
  return kind == Change::Kind::kAdd ? error == std::errc::file_exists : error == std::errc::no_such_file_or_directory;
}

netlink::Result<void> make(Change::Kind kind, const Rule& rule, KernelRules& kernel) {
  if (kind == Change::Kind::kAdd) return kernel.add(rule);
  // The kernel finds no rule that is said to be prepended (audit_compare_rule compares the flags, which it clears in
  // what it has taken).
  if (!rule.prepend) return kernel.remove(rule);
  Rule stored = rule;
  stored.prepend = false;
  return kernel.remove(stored);
}

class Applier {
 public:
  Applier(const Plan& plan, KernelRules& kernel) : plan_(plan), kernel_(kernel) {}

  ApplyResult run(OnRefusal on_refusal) {
    bool last_made = true;
    bool is_kept = false;
    for (const Change& change : plan_.changes) {
      if (change.follows && !last_made) continue;
      if (is_kept && change.kind == Change::Kind::kRemove && change.part == Change::Part::kDifference) continue;
      const auto done = make(change.kind, change.rule, kernel_);
      last_made = done || came_true(change.kind, done.error());
      if (done) made_.push_back(&change);
      if (last_made) continue;
      result_.refusals.push_back({&change, done.error()});
      if (change.kind == Change::Kind::kAdd && is_about_path(change.rule, done.error())) continue;
      is_kept = on_refusal == OnRefusal::kKeep;
      result_.taken_back = on_refusal == OnRefusal::kTakeBack;
      if (result_.taken_back) break;
    }
    if (result_.taken_back)
      take_back();
    else
      count();
    return std::move(result_);
  }

 private:
  void count() {
    for (const Change* change : made_) {
      const bool adds = change->kind == Change::Kind::kAdd;
      if (change->part == Change::Part::kDifference) ++(adds ? result_.added : result_.removed);
      if (change->part == Change::Part::kMove && adds && !change->is_bridge) ++result_.moved;
    }
  }

  void take_back() {
    const bool only_added =
        std::ranges::all_of(made_, [](const Change* change) { return change->kind == Change::Kind::kAdd; });
    if (only_added) {
      for (auto change = made_.rbegin(); change != made_.rend(); ++change) undo(Change::Kind::kRemove, (*change)->rule);
      return;
    }
    restore();
  }

  void undo(Change::Kind kind, const Rule& rule) {
    const auto done = make(kind, rule, kernel_);
    if (!done && !came_true(kind, done.error())) ++result_.not_undone;
  }

  // What was removed can come back at an end of its list only, so the way back is a way to an order of its own.
  void restore() {
    const auto loaded = kernel_.list();
    if (!loaded) {
      result_.not_undone = made_.size();
      return;
    }
    std::vector<WantedRule> before;
    for (const Rule& rule : plan_.ours_before) before.emplace_back().rule = rule;
    OwnedRules ours;
    for (const Change& change : plan_.changes) ours.add(change.rule);
    const Plan back = reconcile(before, *loaded, ours, false);
    bool last_made = true;
    for (const Change& change : back.changes) {
      if (change.follows && !last_made) continue;
      const std::size_t failed = result_.not_undone;
      undo(change.kind, change.rule);
      last_made = failed == result_.not_undone;
    }
  }

  const Plan& plan_;
  KernelRules& kernel_;
  std::vector<const Change*> made_;
  ApplyResult result_;
};

}  // namespace

Plan reconcile(std::span<const WantedRule> wanted, std::span<const Rule> loaded, const OwnedRules& own,
               bool exclusive) {
  return Reconciler(loaded).run(wanted, own, exclusive);
}

std::optional<Rule> bridge(const Rule& rule) {
  Rule other = rule;
  if (rule.fields.size() >= kMaxFields) {
    // Conditions in another order are another rule to the kernel (kernel/auditfilter.c, audit_compare_rule).
    const auto next = std::ranges::adjacent_find(other.fields, std::ranges::not_equal_to{});
    if (next != other.fields.end())
      std::iter_swap(next, std::ranges::next(next));
    else if (rule.list != List::kFilesystem)
      other.fields.back() = {FieldId::kPid, Operator::kGreaterEqual, 0, {}};  // the same condition is there once more
    else
      return std::nullopt;
  } else if (rule.list == List::kFilesystem) {
    // It takes fstype and key only (kernel/auditfilter.c, audit_field_valid), and a key once.
    const auto type = std::ranges::find_if(rule.fields, [](const Field& field) {
      return field.id != FieldId::kKey && field_row(field.id).is(kFilesystems);
    });
    if (type == rule.fields.end()) return std::nullopt;
    other.fields.push_back(*type);
  } else {
    other.fields.push_back({FieldId::kPid, Operator::kGreaterEqual, 0, {}});
  }
  return other;
}

bool is_about_path(const Rule& rule, std::error_code error) {
  // What a path look-up answers, on a network file system too (path_resolution(7), open(2)).
  constexpr std::errc kPathErrors[] = {std::errc::permission_denied,
                                       std::errc::no_such_file_or_directory,
                                       std::errc::not_a_directory,
                                       std::errc::too_many_symbolic_link_levels,
                                       std::errc::filename_too_long,
                                       std::errc::invalid_argument,
                                       std::errc::io_error,
                                       std::errc::no_such_device,
                                       std::errc::no_such_device_or_address,
                                       std::errc::not_connected};
  const auto has_path = [](const Field& field) {
    return field.id == FieldId::kPath || field.id == FieldId::kDir || field.id == FieldId::kExe;
  };
  if (std::ranges::none_of(rule.fields, has_path)) return false;
  if (error == std::error_code(ESTALE, std::generic_category())) return true;
  return std::ranges::any_of(kPathErrors, [error](std::errc known) { return error == known; });
}

ApplyResult apply(const Plan& plan, KernelRules& kernel, OnRefusal on_refusal) {
  return Applier(plan, kernel).run(on_refusal);
}

}  // namespace naudit::rules
