// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/rules_keeper.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "rules/load.hpp"
#include "tables/record_types.hpp"

namespace naudit::daemon {
namespace {

namespace type = tables::type;

// After a healing the next one waits so long, twice as long each time, up to the longest; a quiet hour forgets it.
constexpr std::chrono::seconds kFirstDelay{1};
constexpr std::chrono::seconds kLongestDelay{600};
constexpr std::chrono::seconds kForget{3600};

std::size_t count(const rules::Plan& plan, rules::Change::Kind kind) {
  return static_cast<std::size_t>(std::ranges::count(plan.changes, kind, &rules::Change::kind));
}

}  // namespace

void RulesKeeper::read(const config::Config& config) {
  rules::RuleSet set = rules::load_rules(config.rules.files, rules::system_environment());
  for (const config::Problem& note : set.notes()) spdlog::info("{}", note.text());
  set_ = std::move(set);
  wanted_ = set_->rules();
  drift_ = config.rules.drift;
  std::error_code ignored;  // the transaction reports a state file that it cannot write
  std::filesystem::create_directories(config.daemon.state_directory, ignored);
  options_ = {.state_file = config.daemon.state_directory + "/rules.owned",
              .exclusive = config.rules.exclusive,
              .lenient = false};
  status_.wanted = wanted_.size();
}

void RulesKeeper::load() {
  if (!set_) return;
  try {
    report(link_
               .run([this](netlink::Control& control) {
                 return rules::load_into_kernel(*set_, wanted_, control, options_);
               })
               .get());
  } catch (const config::Error& error) {
    status_.error = error.what();
    spdlog::error("the rules are as they were: {}", error.what());
    tell_(type::kDaemonErr, "op=load-rules res=failed");
  }
}

void RulesKeeper::report(const rules::TransactionReport& report) {
  status_.foreign = report.plan.foreign;
  status_.locked = report.locked;
  status_.error.clear();
  status_.missing = 0;
  for (const config::Problem& problem : report.problems) {
    spdlog::error("{}", problem.text());
    if (!status_.error.empty()) status_.error += '\n';
    status_.error += problem.text();
  }
  if (report.locked && !report.plan.changes.empty())
    spdlog::warn("the kernel's rules are locked (enabled 2): {} changes wait for a reboot", report.plan.changes.size());
  if (report.added + report.removed > 0 || !report.problems.empty()) {
    spdlog::info("rules: {} added, {} removed, {} were there, {} of others", report.added, report.removed,
                 report.plan.kept, report.plan.foreign);
    tell_(report.problems.empty() ? type::kDaemonConfig : type::kDaemonErr,
          fmt::format("op=load-rules added={} removed={} kept={} res={}", report.added, report.removed,
                      report.plan.kept, report.problems.empty() ? "success" : "failed"));
  }
}

void RulesKeeper::check(std::chrono::steady_clock::time_point now) {
  if (!set_ || drift_ == config::Drift::kIgnore || status_.locked || !status_.error.empty() || now < not_before_)
    return;
  rules::Plan plan;
  try {
    plan = link_
               .run([this](netlink::Control& control) {
                 rules::ControlRules kernel(control);
                 return rules::plan_load(wanted_, kernel, options_);
               })
               .get();
  } catch (const config::Error& error) {
    spdlog::warn("cannot compare the rules with the kernel's: {}, trying again", error.what());
    return;
  }
  const std::size_t missing = count(plan, rules::Change::Kind::kAdd);
  const std::size_t unwanted = count(plan, rules::Change::Kind::kRemove);
  status_.foreign = plan.foreign;
  if (missing + unwanted == 0) {
    status_.missing = 0;
    if (now - not_before_ > kForget) delay_ = {};
    return;
  }
  if (missing + unwanted != status_.missing) {
    ++status_.drifts;
    status_.missing = missing + unwanted;
    spdlog::warn("somebody changed the rules: {} of ours are missing, {} are not wanted", missing, unwanted);
    tell_(type::kDaemonErr, fmt::format("op=rules-drift missing={} unwanted={} res=failed", missing, unwanted));
  }
  if (drift_ != config::Drift::kHeal) return;
  delay_ = std::clamp(2 * delay_, kFirstDelay, kLongestDelay);
  not_before_ = now + delay_;
  load();
}

}  // namespace naudit::daemon
