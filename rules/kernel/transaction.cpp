// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/kernel/transaction.hpp"

#include <utility>

#include "rules/auditctl/listing.hpp"
#include "rules/kernel/owned.hpp"

namespace naudit::rules {
namespace {

constexpr std::uint32_t kLocked = 2;

template <typename T>
T answered(netlink::Result<T> result, const std::string& what) {
  if (!result) throw base::Error(what + ": " + result.error().message());
  return std::move(*result);
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
void apply_settings(const RuleSet& rules, KernelSettings& kernel, const netlink::KernelStatus& before,
                    std::vector<base::Problem>& problems) {
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
  if (rules.settings.enabled && (*rules.settings.enabled != kLocked || problems.empty()))
    one(&StatusChange::enabled, &KernelStatus::enabled, "enabled");
}

}  // namespace

Plan plan_load(const std::vector<WantedRule>& wanted, KernelRules& kernel, const TransactionOptions& options) {
  const auto loaded = answered(kernel.list(), "the kernel does not list its rules");
  const OwnedRules own = options.state_file.empty() ? OwnedRules() : read_owned(options.state_file);
  return reconcile(wanted, loaded, own, options.exclusive);
}

TransactionReport load_into_kernel(const RuleSet& rules, const std::vector<WantedRule>& wanted, KernelRules& kernel,
                                   KernelSettings& settings, const TransactionOptions& options) {
  TransactionReport report;
  const netlink::KernelStatus status = answered(settings.status(), "the kernel does not tell its audit status");
  report.locked = status.enabled == kLocked;
  report.plan = plan_load(wanted, kernel, options);
  if (report.locked) return report;

  const tables::ArchWord native = tables::native_arch();
  const std::vector<Rule> meanwhile = ours_meanwhile(wanted, report.plan);
  const bool remembers = !options.state_file.empty();
  if (remembers && !report.plan.changes.empty()) write_owned(options.state_file, meanwhile, native);
  const ApplyResult result = apply(report.plan, kernel, options.lenient);
  report.added = result.added;
  report.removed = result.removed;
  report.moved = result.moved;
  for (const Refusal& refusal : result.refusals) report.problems.push_back(told(refusal, native));
  if (result.not_undone > 0) {
    report.problems.push_back(
        {{},
         std::to_string(result.not_undone) + " changes could not be taken back; 'nauditctl rules diff' shows them"});
  }
  report.rolled_back = !result.refusals.empty() && !options.lenient;
  if (report.rolled_back) return report;

  // After a refusal some that should have gone may still be there.
  if (remembers && result.refusals.empty())
    write_owned(options.state_file, std::span(meanwhile).first(wanted.size()), native);
  apply_settings(rules, settings, status, report.problems);
  return report;
}

}  // namespace naudit::rules
