// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/kernel/rules_keeper.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "base/written_file.hpp"
#include "rules/auditctl/listing.hpp"
#include "rules/kernel/owned.hpp"
#include "rules/read.hpp"
#include "tables/record_types.hpp"

namespace naudit::daemon {
namespace {

namespace type = tables::type;

constexpr std::size_t kMostNamed = 5;  // rules in one message of the log

using rules::differences;

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

void add_line(std::string& text, const std::string& line) {
  if (line.empty()) return;
  if (!text.empty()) text += '\n';
  text += line;
}

// A line each.
std::string text_of(const std::vector<base::Problem>& problems) {
  std::string text;
  for (const base::Problem& problem : problems) add_line(text, problem.text());
  return text;
}

// What is left out is told by the load.
void log_notes(const rules::RuleSet& set) {
  for (const base::Problem& note : set.notes()) {
    const auto is_told = [&note](const base::Problem& left_out) {
      return left_out.place == note.place && note.message.ends_with(left_out.message);
    };
    if (std::ranges::none_of(set.left_out(), is_told)) spdlog::info("{}", note.text());
  }
}

ReadRulesPtr read_files(const config::Loaded& loaded, bool partial) {
  const config::Config& config = loaded.config;
  auto read = std::make_shared<ReadRules>();
  read->set = rules::read_rules(config.rules.files, rules::system_environment(),
                                {.check_permissions = true, .lenient = config.rules.lenient, .partial = partial});
  read->kernel = kernel_settings(loaded, read->set);
  log_notes(read->set);
  read->wanted = read->set.rules();
  read->drift = config.rules.drift;
  base::make_own_folder(config.daemon.state_directory);  // the transaction reports a state file that it cannot write
  read->options = {.state_file = rules::owned_path(config.daemon.state_directory),
                   .exclusive = config.rules.exclusive,
                   .on_refusal = config.rules.lenient ? rules::OnRefusal::kLeaveOut : rules::OnRefusal::kTakeBack,
                   .is_part = partial};
  return read;
}

}  // namespace

ReadRulesPtr read_rules(const config::Loaded& loaded) {
  return read_files(loaded, false);
}

ReadRulesPtr read_rules_at_start(const config::Loaded& loaded) {
  try {
    return read_files(loaded, false);
  } catch (const base::Error& /*told by the load*/) {
    return read_files(loaded, true);
  }
}

void RulesKeeper::adopt(ReadRulesPtr rules) {
  rules_ = std::move(rules);
  foreign_.reset();  // whose a rule is depends on what is wanted
  status_.wanted = rules_->wanted.size();
  is_pending_ = false;
  present_ = nullptr;
  refused_.clear();
  status_.error.clear();
  delay_ = {};
  not_before_ = {};
}

void RulesKeeper::start(ReadRulesPtr rules, TimePoint now, OnLoaded then) {
  adopt(std::move(rules));
  load(now, false, std::move(then));
}

// A set that is wanted already comes in as far as the kernel takes it: what was there before somebody changed it, and
// at start, when taking all back would leave nothing.
void RulesKeeper::load(TimePoint now, bool is_repeated, OnLoaded then) {
  checked_ = now;
  is_pending_ = false;
  ++asked_;
  const auto done = std::make_shared<rules::TransactionReport>();
  rules::TransactionOptions options = rules_->options;
  if (options.on_refusal == rules::OnRefusal::kTakeBack) options.on_refusal = rules::OnRefusal::kKeep;
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
        if (!is_whole()) is_pending_ = true;
        if (is_pending_ || is_repeated) back_off(now);
        if (then) then({.result = Loaded::Result::kLoaded, .problems = problems()});
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
          checked_ = {};  // whether they really are, the next tick sees
          return then({.result = Loaded::Result::kRefused, .problems = problems});
        }
        adopt(rules);
        checked_ = now;
        report(*done);
        if (!is_whole()) {
          is_pending_ = true;
          back_off(now);
        }
        const bool waits = done->locked && !done->plan.changes.empty();
        then({.result = waits ? Loaded::Result::kLocked : Loaded::Result::kLoaded, .problems = problems()});
      });
}

bool RulesKeeper::set_refused(const std::string& refused) {
  std::string error = text_of(rules_->set.left_out());
  add_line(error, refused);
  refused_ = refused;
  return std::exchange(status_.error, error) != error;
}

std::string RulesKeeper::problems() const {
  std::string text = status_.error;
  if (status_.locked && status_.missing > 0) add_line(text, rules::locked_text(status_.missing));
  add_line(text, status_.state_error);
  return text;
}

void RulesKeeper::fail(const std::string& error) {
  if (!set_refused(error)) return;
  spdlog::error("the rules are as they were: {}", error);
  tell_(type::kDaemonErr, "op=load-rules res=failed");
}

void RulesKeeper::report(const rules::TransactionReport& report) {
  notice_foreign(report.plan);
  status_.locked = report.locked;
  const std::size_t changed = report.added + report.removed + report.moved;
  status_.missing = report.waiting;
  present_ = std::make_shared<const std::vector<rules::WantedRule>>(rules::without(rules_->wanted, report.left_out));
  const std::string before = status_.error;
  const bool is_news = set_refused(text_of(report.problems));
  const std::string& error = status_.error;
  tell_state(report.not_remembered);
  if (report.locked && status_.missing > 0) {
    spdlog::warn("{}", rules::locked_text(status_.missing));
    tell_(type::kDaemonErr, fmt::format("op=rules-locked waiting={} res=failed", status_.missing));
  }
  if (changed == 0 && !is_news) return;
  for (const auto* problems : {&rules_->set.left_out(), &report.problems})
    for (const base::Problem& problem : *problems)
      if (before.find(problem.text()) == std::string::npos) spdlog::error("not loaded: {}", problem.text());
  if (changed == 0 && error.empty()) return;
  spdlog::info("rules: {} added, {} removed, {} moved, {} were there, {} of others", report.added, report.removed,
               report.moved, report.plan.kept, report.plan.foreign.size());
  const std::size_t left_out = rules_->set.left_out().size() + report.problems.size();
  tell_(error.empty() ? type::kDaemonConfig : type::kDaemonErr,
        fmt::format("op=load-rules added={} removed={} moved={} kept={}{} res={}", report.added, report.removed,
                    report.moved, report.plan.kept, left_out > 0 ? fmt::format(" left_out={}", left_out) : "",
                    error.empty() ? "success" : "failed"));
}

void RulesKeeper::tell_state(const std::string& error) {
  if (std::exchange(status_.state_error, error) == error) return;
  if (error.empty())
    spdlog::info("the list of our rules is written again");
  else
    spdlog::warn("{}; the rules are loaded all the same, retrying", error);
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

void RulesKeeper::tick(TimePoint now, bool changed) {
  has_changed_ |= changed;
  if (!rules_ || status_.locked || asked_ > 0) return;
  const bool is_due = is_pending_ && now >= not_before_;
  if (rules_->drift == config::Drift::kIgnore) {
    if (is_due) load(now, true, nullptr);
    return;
  }
  if (!std::exchange(has_changed_, false) && !is_due && now - checked_ < kLookAnyway) return;
  checked_ = now;
  ++asked_;
  const auto plan = std::make_shared<rules::Plan>();
  run_(
      [plan, rules = rules_, present = present_](rules::KernelRules& kernel, rules::KernelSettings& /*settings*/) {
        *plan = rules::plan_load(present ? *present : rules->wanted, kernel, rules->options);
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
  const std::size_t left_out = present_ ? rules_->wanted.size() - present_->size() : 0;
  const std::size_t found = differences(plan) + left_out;
  if (found == left_out) {
    status_.missing = left_out;
    if (is_whole()) is_pending_ = false;
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
  load(now, true, nullptr);
}

}  // namespace naudit::daemon
