// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/kernel/transaction.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "base/text.hpp"
#include "rules/auditctl/listing.hpp"
#include "rules/kernel/owned.hpp"

namespace naudit::rules {
namespace {

template <typename T>
T answered(netlink::Result<T> result, const std::string& what) {
  if (!result) throw base::Error(what + ": " + result.error().message());
  return std::move(*result);
}

// As the kernel finds it (audit_compare_rule compares the flags, which it clears in what it has taken).
Rule stored(Rule rule) {
  rule.prepend = false;
  return rule;
}

std::string reason(const Refusal& refusal) {
  const Rule& rule = refusal.change->rule;
  if (refusal.error == std::errc::no_such_file_or_directory) {
    for (const Field& field : rule.fields)
      if (field.id == FieldId::kPath || field.id == FieldId::kDir)
        return "neither " + field.text + " nor the directory that would hold it exists";
  }
  return refusal.error.message();
}

base::Problem told(const Refusal& refusal, tables::ArchWord native) {
  const Change& change = *refusal.change;
  const char* what = change.kind == Change::Kind::kAdd ? "the kernel refuses to add " : "the kernel refuses to remove ";
  return {change.wanted != nullptr ? change.wanted->place : base::Place{},
          what + rule_line(change.wanted != nullptr ? change.wanted->rule : change.rule, native) + " (" +
              reason(refusal) + ")"};
}

// All that may be ours while the change is under way: what we had loaded and what we are about to load.
std::vector<Rule> ours_meanwhile(const std::vector<WantedRule>& wanted, const Plan& plan) {
  std::vector<Rule> rules;
  for (const WantedRule& rule : wanted) rules.push_back(rule.rule);
  for (const Change& change : plan.changes)
    if (change.kind == Change::Kind::kRemove || change.is_bridge) rules.push_back(change.rule);
  // With a part of the rules those stay that are ours and not in it.
  rules.insert(rules.end(), plan.ours_before.begin(), plan.ours_before.end());
  return rules;
}

void set(KernelSettings& kernel, const netlink::StatusChange& change, const std::string& what,
         std::vector<base::Problem>& problems) {
  if (const auto done = kernel.set(change); !done)
    problems.push_back({{}, "the kernel refuses " + what + " (" + done.error().message() + ")"});
}

void make_loginuid_immutable(KernelSettings& kernel, std::vector<base::Problem>& problems) {
  const auto features = kernel.features();
  if (features && features->loginuid_immutable() && features->loginuid_immutable_locked()) return;
  if (const auto done = kernel.set_loginuid_immutable(); !done)
    problems.push_back({{}, "the kernel refuses loginuid_immutable (" + done.error().message() + ")"});
}

// Only what differs: each setting of a setting is a record in everybody's log.
void apply_settings(const RuleSet& rules, KernelSettings& kernel, const netlink::KernelStatus& before, bool may_lock,
                    std::vector<base::Problem>& problems) {
  const std::size_t refused = problems.size();
  const auto one = [&](auto netlink::StatusChange::* wanted, auto netlink::KernelStatus::* is, const char* what) {
    if (!(rules.settings.*wanted) || *(rules.settings.*wanted) == before.*is) return;
    netlink::StatusChange change;
    change.*wanted = rules.settings.*wanted;
    set(kernel, change, what, problems);
  };
  using netlink::KernelStatus;
  using netlink::StatusChange;
  one(&StatusChange::failure, &KernelStatus::failure, "the failure mode");
  one(&StatusChange::rate_limit, &KernelStatus::rate_limit, "the rate limit");
  one(&StatusChange::backlog_limit, &KernelStatus::backlog_limit, "the backlog limit");
  one(&StatusChange::backlog_wait_time, &KernelStatus::backlog_wait_time, "the backlog wait time");
  if (rules.loginuid_immutable) make_loginuid_immutable(kernel, problems);
  // A locked kernel takes nothing more, so the lock waits until everything else is in place.
  if (rules.settings.enabled && (*rules.settings.enabled != kLocked || (may_lock && problems.size() == refused)))
    one(&StatusChange::enabled, &KernelStatus::enabled, "enabled");
}

void remember(const std::string& state_file, std::span<const Rule> rules, tables::ArchWord native,
              TransactionReport& report) {
  try {
    write_owned(state_file, rules, native);
    report.not_remembered.clear();
  } catch (const base::Error& error) {
    report.not_remembered = error.what();
  }
}

bool is_remembered(const std::string& state_file, std::span<const Rule> rules) {
  const OwnedRules own = read_owned(state_file);
  return own.size() == rules.size() &&
         std::ranges::all_of(rules, [&own](const Rule& rule) { return own.contains(rule); });
}

// The rules that are missing where others have to move to make room for them, tried before anything moves: one that the
// kernel refuses is no reason to move the others, now and at each next attempt.
class Trial {
 public:
  Trial(const Plan& plan, KernelRules& kernel, OnRefusal on_refusal) {
    if (plan.moved == 0) return;
    const auto path_error = std::make_error_code(std::errc::permission_denied);
    for (const Change& change : plan.changes) {
      if (change.kind != Change::Kind::kAdd || change.part == Change::Part::kMove) continue;
      if (on_refusal == OnRefusal::kTakeBack && !is_about_path(change.rule, path_error)) continue;
      const auto done = kernel.add(change.rule);
      if (done)
        added_.push_back(change.rule);
      else if (done.error() != std::errc::file_exists &&
               (on_refusal != OnRefusal::kTakeBack || is_about_path(change.rule, done.error())))
        refused_.push_back({&change, done.error()});
    }
  }

  [[nodiscard]] const std::vector<Rule>& added() const noexcept { return added_; }
  [[nodiscard]] const std::vector<Refusal>& refused() const noexcept { return refused_; }  // of the plan
  [[nodiscard]] bool has_done() const noexcept { return !added_.empty() || !refused_.empty(); }

 private:
  std::vector<Rule> added_;
  std::vector<Refusal> refused_;
};

std::vector<WantedRule> left_out(const std::vector<Refusal>& refusals) {
  std::vector<WantedRule> rules;
  for (const Refusal& refusal : refusals) {
    const Change& change = *refusal.change;
    if (change.kind == Change::Kind::kAdd && change.part == Change::Part::kDifference && change.wanted != nullptr)
      rules.push_back(*change.wanted);
  }
  return rules;
}

}  // namespace

std::size_t differences(const Plan& plan) {
  return plan.missing + plan.moved + plan.unwanted;
}

std::vector<WantedRule> without(const std::vector<WantedRule>& wanted, const std::vector<WantedRule>& left_out) {
  std::vector<WantedRule> rest = wanted;
  std::erase_if(rest, [&left_out](const WantedRule& rule) {
    return std::ranges::any_of(left_out,
                               [&rule](const WantedRule& out) { return identity(out.rule) == identity(rule.rule); });
  });
  return rest;
}

std::string locked_text(std::size_t waiting) {
  return "locked: " + base::count_text(waiting, "rule") + (waiting == 1 ? " waits" : " wait") + " for a reboot";
}

Plan plan_load(const std::vector<WantedRule>& wanted, KernelRules& kernel, const TransactionOptions& options) {
  const auto loaded = answered(kernel.list(), "the kernel does not list its rules");
  const OwnedRules own = options.state_file.empty() ? OwnedRules() : read_owned(options.state_file);
  Plan plan = reconcile(wanted, loaded, own, options.exclusive && !options.is_part);
  if (!options.is_part) return plan;
  std::erase_if(plan.changes, [](const Change& change) {
    return change.kind == Change::Kind::kRemove && change.part == Change::Part::kDifference;
  });
  plan.unwanted = 0;
  return plan;
}

TransactionReport load_into_kernel(const RuleSet& rules, const std::vector<WantedRule>& wanted, KernelRules& kernel,
                                   KernelSettings& settings, const TransactionOptions& options) {
  TransactionReport report;
  const netlink::KernelStatus status = answered(settings.status(), "the kernel does not tell its audit status");
  report.locked = status.enabled == kLocked;
  report.plan = plan_load(wanted, kernel, options);
  report.waiting = differences(report.plan);
  if (report.locked) return report;

  const tables::ArchWord native = tables::native_arch();
  const std::vector<Rule> meanwhile = ours_meanwhile(wanted, report.plan);
  const bool remembers = !options.state_file.empty();
  if (remembers && !report.plan.changes.empty()) remember(options.state_file, meanwhile, native, report);
  const Trial trial(report.plan, kernel, options.on_refusal);
  const std::vector<WantedRule> present = without(wanted, left_out(trial.refused()));
  // What the report has of a plan points into `wanted`, so this one stays here.
  const Plan rest = trial.has_done() ? plan_load(present, kernel, options) : Plan();
  // The rest has bridges of its own, also for what the trial has added.
  if (remembers && trial.has_done() && !rest.changes.empty())
    remember(options.state_file, ours_meanwhile(wanted, rest), native, report);
  ApplyResult result = apply(trial.has_done() ? rest : report.plan, kernel, options.on_refusal);
  if (result.taken_back)
    for (const Rule& rule : trial.added()) static_cast<void>(kernel.remove(stored(rule)));
  else
    result.added += trial.added().size();
  result.refusals.insert(result.refusals.end(), trial.refused().begin(), trial.refused().end());
  report.added = result.added;
  report.removed = result.removed;
  report.moved = result.moved;
  for (const Refusal& refusal : result.refusals) report.problems.push_back(told(refusal, native));
  if (result.not_undone > 0) {
    report.problems.push_back(
        {{},
         std::to_string(result.not_undone) + " changes could not be taken back; 'nauditctl rules diff' shows them"});
  }
  report.rolled_back = result.taken_back;
  if (report.rolled_back) return report;
  report.left_out = left_out(result.refusals);
  report.waiting = report.left_out.size();
  if (!result.refusals.empty())
    report.waiting += differences(plan_load(without(wanted, report.left_out), kernel, options));

  // After another refusal some that should have gone may still be there, and with a part of the rules the rest is.
  const bool is_done = !options.is_part && std::ranges::all_of(result.refusals, [](const Refusal& refusal) {
    return refusal.change->kind == Change::Kind::kAdd && is_about_path(refusal.change->rule, refusal.error);
  });
  const auto ours = std::span(meanwhile).first(wanted.size());
  if (remembers && is_done && !is_remembered(options.state_file, ours))
    remember(options.state_file, ours, native, report);
  apply_settings(rules, settings, status, is_done, report.problems);
  return report;
}

}  // namespace naudit::rules
