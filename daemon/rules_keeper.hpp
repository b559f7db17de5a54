// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "daemon/kernel_link.hpp"
#include "rules/rule_set.hpp"
#include "rules/transaction.hpp"

namespace naudit::daemon {

// The rules that the configuration wants, and the kernel kept to them: loaded as a transaction, then watched; when
// somebody removed one of ours, that is told, and healed if so configured, with growing delays, so that two who
// disagree do not fight for ever.
//
// Main thread; requests to the kernel run on the control thread. A rule file with an error, or a rule that the kernel
// refuses, never ends the daemon: the rules stay as they were, and the log, the stream of events and the status say so.
class RulesKeeper {
 public:
  struct Status {
    std::size_t wanted = 0;
    std::size_t foreign = 0;   // loaded by others, left alone
    std::size_t missing = 0;   // of ours, or not wanted, at the last comparison
    std::uint64_t drifts = 0;  // times that this was found
    bool locked = false;       // enabled 2: the difference waits for a reboot
    std::string error;         // why the wanted rules are not loaded; empty if they are
  };
  // A DAEMON_* record's type and text.
  using Tell = std::function<void(std::uint16_t type, const std::string& text)>;

  RulesKeeper(KernelLink& link, Tell tell) : link_(link), tell_(std::move(tell)) {}

  // Reads the rule files. Throws config::Error with every problem; what was read before then stays.
  void read(const config::Config& config);
  // Brings the kernel to what was read.
  void load();
  // Compares, and reports or heals. Called when a CONFIG_CHANGE record passed by, and now and then.
  void check(std::chrono::steady_clock::time_point now);
  // What read() threw, to be shown by the status.
  void set_error(const std::string& error) { status_.error = error; }

  [[nodiscard]] const Status& status() const noexcept { return status_; }
  // What the rule files want, as read last.
  [[nodiscard]] std::span<const rules::WantedRule> wanted() const noexcept { return wanted_; }

 private:
  void report(const rules::TransactionReport& report);

  KernelLink& link_;
  Tell tell_;
  config::Drift drift_ = config::Drift::kIgnore;
  rules::TransactionOptions options_;
  std::optional<rules::RuleSet> set_;
  std::vector<rules::WantedRule> wanted_;
  Status status_;
  std::chrono::steady_clock::time_point not_before_{};
  std::chrono::seconds delay_{};
};

}  // namespace naudit::daemon
