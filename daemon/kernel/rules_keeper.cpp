// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/kernel/rules_keeper.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "rules/auditctl/listing.hpp"
#include "rules/kernel/owned.hpp"
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

// A line each.
std::string text_of(const std::vector<base::Problem>& problems) {
  std::string text;
  for (const base::Problem& problem : problems) {
    if (!text.empty()) text += '\n';
    text += problem.text();
  }
  return text;
}

}  // namespace

ReadRulesPtr read_rules(const config::Loaded& loaded) {
  const config::Config& config = loaded.config;
  auto read = std::make_shared<ReadRules>();
  read->set = rules::read_rules(config.rules.files, rules::system_environment(),
                                {.check_permissions = true, .lenient = config.rules.lenient});
  read->kernel = kernel_settings(loaded, read->set);
  for (const base::Problem& note : read->set.notes()) spdlog::info("{}", note.text());
  read->wanted = read->set.rules();
  read->drift = config.rules.drift;
  std::error_code ignored;  // the transaction reports a state file that it cannot write
  std::filesystem::create_directories(config.daemon.state_directory, ignored);
  read->options = {.state_file = rules::owned_path(config.daemon.state_directory),
                   .exclusive = config.rules.exclusive,
                   .lenient = config.rules.lenient};
  return read;
}

void RulesKeeper::adopt(ReadRulesPtr rules) {
  rules_ = std::move(rules);
  foreign_.reset();  // whose a rule is depends on what is wanted
  status_.wanted = rules_->wanted.size();
  was_loaded_ = is_pending_ = false;
  delay_ = {};
  not_before_ = {};
}

void RulesKeeper::start(ReadRulesPtr rules, TimePoint now, OnLoaded then) {
  adopt(std::move(rules));
  load(now, rules_->options.lenient, false, std::move(then));
}

void RulesKeeper::load(TimePoint now, bool lenient, bool is_repeated, OnLoaded then) {
  checked_ = now;
  is_pending_ = false;
  ++asked_;
  const auto done = std::make_shared<rules::TransactionReport>();
  rules::TransactionOptions options = rules_->options;
  options.lenient = lenient;
  run_(
      [done, options, rules = rules_](rules::KernelRules& kernel, rules::KernelSettings& settings) {
        *done = rules::load_into_kernel(rules->set, rules->wanted, kernel, settings, options);
      },
      [this, done, now, is_repeated, rules = rules_, then = std::move(then)](const std::string& error) {
        --asked_;
        // A reload that came meanwhile has put others in their place.
        if (rules != rules_) return;
        if (error.empty())
          report(*done);
        else
          fail(error);
        if (!status_.error.empty()) is_pending_ = true;
        if (is_pending_ || is_repeated) back_off(now);
        if (then) then({.result = Loaded::Result::kLoaded, .problems = status_.error});
      });
}

void RulesKeeper::replace(ReadRulesPtr rules, TimePoint now, OnLoaded then) {
  ++asked_;
  const auto done = std::make_shared<rules::TransactionReport>();
  run_(
      [done, rules](rules::KernelRules& kernel, rules::KernelSettings& settings) {
        *done = rules::load_into_kernel(rules->set, rules->wanted, kernel, settings, rules->options);
      },
      [this, done, now, rules, then = std::move(then)](const std::string& error) {
        --asked_;
        if (!error.empty() || done->rolled_back) {
          const std::string problems = error.empty() ? text_of(done->problems) : error;
          spdlog::error("the rules are as they were: {}", problems);
          tell_(type::kDaemonErr, "op=load-rules res=failed");
          if (!rules_) status_.error = problems;
          checked_ = {};  // whether they really are, the next tick sees
          return then({.result = Loaded::Result::kRefused, .problems = problems});
        }
        adopt(rules);
        status_.error.clear();
        checked_ = now;
        report(*done);
        if (!status_.error.empty()) {
          is_pending_ = true;
          back_off(now);
        }
        if (!done->locked || done->plan.changes.empty())
          return then({.result = Loaded::Result::kLoaded, .problems = status_.error});
        then({.result = Loaded::Result::kLocked,
              .problems = fmt::format(
                  "the kernel's rules are locked (enabled 2): the old ones stay, {} for a reboot",
                  status_.missing == 1 ? "1 change waits" : fmt::format("{} changes wait", status_.missing))});
      });
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
  const std::string error = text_of(report.problems);
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
  // What was there before somebody changed it comes back as far as the kernel takes it.
  load(now, rules_->options.lenient || was_loaded_, true, nullptr);
}

void RulesKeeper::tick(TimePoint now, bool changed) {
  has_changed_ |= changed;
  if (!rules_ || status_.locked || asked_ > 0) return;
  const bool is_due = is_pending_ && now >= not_before_;
  if (rules_->drift == config::Drift::kIgnore) {
    if (is_due) load_again(now);
    return;
  }
  if (!std::exchange(has_changed_, false) && !is_due && now - checked_ < kLookAnyway) return;
  checked_ = now;
  ++asked_;
  const auto plan = std::make_shared<rules::Plan>();
  run_(
      [plan, rules = rules_](rules::KernelRules& kernel, rules::KernelSettings& /*settings*/) {
        *plan = rules::plan_load(rules->wanted, kernel, rules->options);
      },
      [this, plan, now, is_due, rules = rules_](const std::string& error) {
        --asked_;
        if (rules != rules_) return;
        if (error.empty()) return on_compared(*plan, now, is_due);
        spdlog::warn("cannot compare the rules with the kernel's: {}, trying again", error);
        if (is_due) back_off(now);
      });
}

void RulesKeeper::on_compared(const rules::Plan& plan, TimePoint now, bool is_due) {
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
  if (rules_->drift != config::Drift::kHeal && !is_pending_) return;
  if (!is_due && now < not_before_) {
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
