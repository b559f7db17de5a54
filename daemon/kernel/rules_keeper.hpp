// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/counter.hpp"
#include "config/loader.hpp"
#include "daemon/kernel/settings.hpp"
#include "rules/kernel/transaction.hpp"
#include "rules/rule/rule_set.hpp"

namespace naudit::daemon {

// What the rule files want, as they were read: a value that nobody changes.
struct ReadRules {
  rules::RuleSet set;
  std::vector<rules::WantedRule> wanted;
  config::Drift drift = config::Drift::kIgnore;
  rules::TransactionOptions options;
  KernelSettings kernel;  // of nauditd.yaml and the rule files together
};
using ReadRulesPtr = std::shared_ptr<const ReadRules>;

// Reads the rule files: disk and name service, on any thread. Throws base::Error with every problem.
ReadRulesPtr read_rules(const config::Loaded& loaded);
// The same at start, when there is nothing to go on with: what cannot be read is left out, stands in the set's
// left_out(), and the rest is wanted. Then nothing of ours that the kernel has is removed, and it is not locked.
ReadRulesPtr read_rules_at_start(const config::Loaded& loaded);

// The rules that the configuration wants, and the kernel kept to them: loaded as a transaction, then watched. When
// somebody removed one of ours, or loaded or removed one of his own, that is told as an event; ours are healed if so
// configured, each time after a longer delay, so that two who disagree do not fight for ever. What the kernel refused
// at start, and a rule whose path it cannot look up, is tried again at the same pace, whatever is configured for drift;
// so is the list of our rules, when the disk does not take it.
//
// Main thread; it never waits: requests to the kernel run where `run` says, and what comes of them is told later. A
// rule file with an error, or a rule that the kernel refuses, never ends the daemon: at start the others are loaded, at
// a reload the rules stay as they were, and the log, the stream of events and the status say so.
class RulesKeeper {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  struct Status {
    std::size_t wanted = 0;
    std::size_t foreign = 0;   // loaded by others, left alone
    std::size_t missing = 0;   // of ours, not wanted, or at the wrong place, at the last comparison
    std::uint64_t drifts = 0;  // times that this was found
    bool locked = false;       // enabled 2: the difference waits for a reboot
    std::string error;         // a line for each wanted rule that is not loaded, and why; empty if all are
    std::string state_error;   // why the list of our rules cannot be written; empty if it is
  };
  // What came of a load.
  struct Loaded {
    enum class Result : std::uint8_t {
      kLoaded,   // the kernel has them, except the problems
      kRefused,  // the old ones stay
      kLocked    // enabled 2: the old ones stay until a reboot
    };
    Result result = Result::kLoaded;
    std::string problems;  // a line each; empty if all went well
  };
  using OnLoaded = std::function<void(const Loaded&)>;
  // A DAEMON_* record's type and text.
  using Tell = std::function<void(std::uint16_t type, const std::string& text)>;
  // Does the work on the thread that may talk to the kernel, and then calls `then` on the main thread, with what the
  // work threw, or nothing.
  using Work = std::function<void(rules::KernelRules&, rules::KernelSettings&)>;
  using Then = std::function<void(const std::string& error)>;
  using Run = std::function<void(Work, Then)>;

  // After a healing the next one waits so long, twice as long each time, up to the longest; an hour of peace behind
  // that time forgets it.
  static constexpr std::chrono::seconds kFirstDelay{1};
  static constexpr std::chrono::seconds kLongestDelay{600};
  static constexpr std::chrono::seconds kForget{3600};
  // Compared so often without being told of a change, since the record of one may have been lost.
  static constexpr std::chrono::seconds kLookAnyway{60};

  RulesKeeper(Run run, Tell tell) : run_(std::move(run)), tell_(std::move(tell)) {}

  // At start: from now on these are wanted, and the kernel is brought to them, now or later.
  void start(ReadRulesPtr rules, TimePoint now, OnLoaded then);
  // At a reload: they are wanted from the moment that the kernel has them. If it refuses one, or does not answer,
  // everything stays as it was.
  void replace(ReadRulesPtr rules, TimePoint now, OnLoaded then);
  // To be called every second or so. `changed`: a CONFIG_CHANGE record passed by. Compares when there is a reason to,
  // and tells and heals what has to be.
  void tick(TimePoint now, bool changed);
  [[nodiscard]] const Status& status() const noexcept { return status_; }
  // What is wanted now.
  [[nodiscard]] std::span<const rules::WantedRule> wanted() const noexcept {
    return rules_ ? std::span(rules_->wanted) : std::span<const rules::WantedRule>();
  }

 private:
  void adopt(ReadRulesPtr rules);
  void load(TimePoint now, bool is_repeated, OnLoaded then);
  void on_compared(const rules::Plan& plan, TimePoint now, bool is_due);
  void report(const rules::TransactionReport& report);
  void tell_state(const std::string& error);
  void fail(const std::string& error);
  // Whether it is another text than before.
  bool set_refused(const std::string& refused);
  [[nodiscard]] std::string problems() const;
  [[nodiscard]] bool is_whole() const noexcept { return refused_.empty() && status_.state_error.empty(); }
  void notice_foreign(const rules::Plan& plan);
  void tell_drift(const rules::Plan& plan);
  void back_off(TimePoint now);

  Run run_;
  Tell tell_;
  ReadRulesPtr rules_;
  Status status_;
  bool is_pending_ = false;  // a healing, or what could not be done: due at not_before_
  std::string refused_;      // what of error is the kernel's
  // What of the wanted rules is loaded, as far as we know: what the kernel refused is no drift.
  std::shared_ptr<const std::vector<rules::WantedRule>> present_;
  std::size_t asked_ = 0;                                     // of the kernel, and not answered yet
  bool has_changed_ = false;                                  // a CONFIG_CHANGE record passed by meanwhile
  std::optional<std::unordered_set<std::uint64_t>> foreign_;  // fingerprints, as seen last
  TimePoint checked_{}, not_before_{};
  std::chrono::seconds delay_{};
};

inline constexpr auto kRuleCounters = std::to_array<base::CounterRow<RulesKeeper::Status>>({
    {{"wanted", "rules", base::CounterKind::kGauge, "that the rule files want"}, &RulesKeeper::Status::wanted},
    {{"foreign", "rules", base::CounterKind::kGauge, "loaded by others"}, &RulesKeeper::Status::foreign},
    {{"missing", "rules", base::CounterKind::kGauge,
      "of ours that were not loaded, no longer wanted or at the wrong place, at the last comparison"},
     &RulesKeeper::Status::missing},
    {{"drifts", "times", base::CounterKind::kCounter, "that somebody changed ours"}, &RulesKeeper::Status::drifts},
});

}  // namespace naudit::daemon
