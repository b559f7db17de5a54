// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/kernel/rules_keeper.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "rules/auditctl/listing.hpp"
#include "rules/kernel/owned_file.hpp"
#include "rules/read.hpp"
#include "tables/record_types.hpp"

namespace naudit::daemon {
namespace {

namespace type = tables::type;

constexpr std::size_t kMostNamed = 5;  // rules in one message of the log

std::size_t differences(const rules::Plan& plan) {
  return plan.missing + plan.unwanted + plan.moved;
}

std::string line_of(const rules::Rule& rule) {
  return rules::rule_line(rule, tables::native_arch());
}

// "; missing: -w /a -p w; not wanted: …", the first few of them.
std::string named(const rules::Plan& plan) {
  std::string text;
  std::size_t named = 0;
  for (const rules::Change& change : plan.changes) {
    const bool adds = change.kind == rules::Change::Kind::kAdd;
    const bool moves = change.part == rules::Change::Part::kMove;
    if (change.is_bridge || (moves && !adds)) continue;
    if (++named > kMostNamed) return text + "; …";
    text += moves ? "; at the wrong place: " : adds ? "; missing: " : "; not wanted: ";
    text += line_of(change.rule);
  }
  return text;
}

}  // namespace

void RulesKeeper::read(const config::Config& config) {
  rules::RuleSet set = rules::read_rules(config.rules.files, rules::system_environment(),
                                         {.check_permissions = true, .lenient = config.rules.lenient});
  for (const base::Problem& note : set.notes()) spdlog::info("{}", note.text());
  set_ = std::move(set);
  foreign_.reset();  // whose a rule is depends on what is wanted
  wanted_ = set_->rules();
  drift_ = config.rules.drift;
  std::error_code ignored;  // the transaction reports a state file that it cannot write
  std::filesystem::create_directories(config.daemon.state_directory, ignored);
  options_ = {.state_file = rules::owned_path(config.daemon.state_directory),
              .exclusive = config.rules.exclusive,
              .lenient = config.rules.lenient};
  status_.wanted = wanted_.size();
  was_loaded_ = is_pending_ = false;
  delay_ = {};
  not_before_ = {};
}

void RulesKeeper::load(TimePoint now) {
  load(now, options_.lenient);
}

void RulesKeeper::load(TimePoint now, bool lenient) {
  if (!set_) return;
  checked_ = now;
  is_pending_ = false;
  rules::TransactionOptions options = options_;
  options.lenient = lenient;
  rules::TransactionReport done;
  try {
    run_([&](rules::KernelRules& kernel, rules::KernelSettings& settings) {
      done = rules::load_into_kernel(*set_, wanted_, kernel, settings, options);
    });
    report(done);
  } catch (const base::Error& error) {
    fail(error.what());
  }
  if (!status_.error.empty()) {
    is_pending_ = true;
    back_off(now);
  }
}

void RulesKeeper::fail(const std::string& error) {
  if (status_.error != error) {
    spdlog::error("the rules are as they were: {}", error);
    tell_(type::kDaemonErr, "op=load-rules res=failed");
  }
  status_.error = error;
}

void RulesKeeper::report(const rules::TransactionReport& report) {
  notice_foreign(report.plan);
  status_.locked = report.locked;
  const std::size_t changed = report.added + report.removed + report.moved;
  status_.missing = differences(report.plan) - std::min(changed, differences(report.plan));
  std::string error;
  for (const base::Problem& problem : report.problems) {
    if (!error.empty()) error += '\n';
    error += problem.text();
  }
  const bool is_news = error != status_.error;
  status_.error = error;
  if (error.empty()) was_loaded_ = true;
  if (report.locked && !report.plan.changes.empty())
    spdlog::warn("the kernel's rules are locked (enabled 2): {} changes wait for a reboot", status_.missing);
  if (changed == 0 && !is_news) return;
  if (is_news)
    for (const base::Problem& problem : report.problems) spdlog::error("{}", problem.text());
  if (changed == 0 && error.empty()) return;
  spdlog::info("rules: {} added, {} removed, {} moved, {} were there, {} of others", report.added, report.removed,
               report.moved, report.plan.kept, report.plan.foreign.size());
  tell_(error.empty() ? type::kDaemonConfig : type::kDaemonErr,
        fmt::format("op=load-rules added={} removed={} moved={} kept={} res={}", report.added, report.removed,
                    report.moved, report.plan.kept, error.empty() ? "success" : "failed"));
}

void RulesKeeper::notice_foreign(const rules::Plan& plan) {
  status_.foreign = plan.foreign.size();
  std::unordered_set<std::uint64_t> now;
  std::size_t added = 0;
  std::string lines;
  for (const rules::Rule& rule : plan.foreign) {
    const std::uint64_t print = rules::fingerprint(rule);
    now.insert(print);
    if (!foreign_ || foreign_->contains(print)) continue;
    if (++added <= kMostNamed) lines += "; " + line_of(rule);
  }
  if (foreign_) {
    const std::size_t removed = foreign_->size() + added - now.size();
    if (added + removed > 0) {
      spdlog::warn("somebody else's rules have changed: {} added, {} removed{}", added, removed, lines);
      tell_(type::kDaemonConfig,
            fmt::format("op=rules-of-others added={} removed={} rules={} res=success", added, removed, now.size()));
    }
  }
  foreign_ = std::move(now);
}

void RulesKeeper::tell_drift(const rules::Plan& plan) {
  ++status_.drifts;
  spdlog::warn("somebody changed the rules: {} of ours are missing, {} are not wanted, {} stand at the wrong place{}",
               plan.missing, plan.unwanted, plan.moved, named(plan));
  tell_(type::kDaemonErr, fmt::format("op=rules-drift missing={} unwanted={} moved={} res=failed", plan.missing,
                                      plan.unwanted, plan.moved));
}

void RulesKeeper::back_off(TimePoint now) {
  delay_ = std::clamp(2 * delay_, kFirstDelay, kLongestDelay);
  not_before_ = now + delay_;
}

void RulesKeeper::load_again(TimePoint now) {
  const auto delay = delay_;
  // What was there before somebody changed it comes back as far as the kernel takes it.
  load(now, options_.lenient || was_loaded_);
  delay_ = delay;
  back_off(now);
}

void RulesKeeper::tick(TimePoint now, bool changed) {
  if (!set_ || status_.locked) return;
  const bool is_due = is_pending_ && now >= not_before_;
  if (drift_ == config::Drift::kIgnore) {
    if (is_due) load_again(now);
    return;
  }
  if (!changed && !is_due && now - checked_ < kLookAnyway) return;
  checked_ = now;
  rules::Plan plan;
  try {
    run_([&](rules::KernelRules& kernel, rules::KernelSettings& /*settings*/) {
      plan = rules::plan_load(wanted_, kernel, options_);
    });
  } catch (const base::Error& error) {
    spdlog::warn("cannot compare the rules with the kernel's: {}, trying again", error.what());
    if (is_due) back_off(now);
    return;
  }
  notice_foreign(plan);
  const std::size_t found = differences(plan);
  if (found == 0) {
    status_.missing = 0;
    if (status_.error.empty()) is_pending_ = false;
    if (now - not_before_ > kForget) delay_ = {};
    if (!is_pending_) return;
  } else if (found != status_.missing) {
    tell_drift(plan);
    status_.missing = found;
  }
  if (drift_ != config::Drift::kHeal && !is_pending_) return;
  if (now < not_before_) {
    if (!is_pending_) {
      spdlog::warn("the rules are put right again in {} s: somebody keeps changing them",
                   std::chrono::ceil<std::chrono::seconds>(not_before_ - now).count());
    }
    is_pending_ = true;
    return;
  }
  load_again(now);
}

}  // namespace naudit::daemon
