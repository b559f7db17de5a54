// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"
#include "ctl/doctor/looks.hpp"
#include "rules/auditctl/listing.hpp"
#include "rules/kernel/transaction.hpp"
#include "tables/arch.hpp"

namespace naudit::ctl {
namespace {

constexpr double kNearlyAll = 0.9;
constexpr double kNoisy = 1;  // events a second below which no key is too noisy
constexpr std::size_t kMostShown = 3;

std::string line_of(const rules::Rule& rule) {
  return rules::rule_line(rule, tables::native_arch());
}

// "-a …; -a … and 4 more"
std::string listed(const std::vector<std::string>& lines) {
  std::string text;
  for (std::size_t i = 0; i < lines.size() && i < kMostShown; ++i) text += (i == 0 ? "" : "; ") + lines[i];
  if (lines.size() > kMostShown) text += fmt::format(" and {} more", lines.size() - kMostShown);
  return text;
}

}  // namespace

Outcome look_at_never_task(const Facts& facts) {
  if (!facts.rules) return Outcome::unknown(facts.rules.why());
  Outcome outcome;
  for (const rules::Rule& rule : *facts.rules) {
    if (rule.list != rules::List::kTask || rule.action != rules::Action::kNever) continue;
    const bool for_all =
        std::ranges::all_of(rule.fields, [](const rules::Field& field) { return field.id == rules::FieldId::kKey; });
    std::string deletion = line_of(rule);
    if (deletion.starts_with("-a")) deletion[1] = 'd';
    std::vector<std::string> fix = {
        fmt::format("nauditctl {}", deletion),
        "and from the file that has it: grep -rn 'never,task\\|task,never' /etc/naudit /etc/audit",
        "restart the services that are to be audited: a task keeps what it began with"};
    if (for_all)
      outcome.add(Level::kCritical,
                  fmt::format("The rule '{}' takes every new task out of system call auditing", line_of(rule)),
                  std::move(fix));
    else
      outcome.add(Level::kWarning, fmt::format("The rule '{}' takes tasks out of system call auditing", line_of(rule)),
                  std::move(fix));
  }
  return outcome;
}

Outcome look_at_no_rules(const Facts& facts) {
  if (!facts.rules) return Outcome::unknown(facts.rules.why());
  if (!facts.rules->empty()) return Outcome::well();
  if (facts.kernel && facts.kernel->pid == 0 && facts.reach != Reach::kAnswers)
    return Outcome::unrelated("nobody is the audit daemon");
  return Outcome::found(Level::kWarning, "The kernel has no rule: only logins and messages of programs make events",
                        {"cp /usr/share/nauditd/rules/10-base.yaml /etc/naudit/rules.d/", "nauditctl reload"});
}

Outcome look_at_arch(const Facts& facts) {
  if (!facts.rules) return Outcome::unknown(facts.rules.why());
  std::vector<std::string> lines;
  for (const rules::Rule& rule : *facts.rules)
    if (rule.list == rules::List::kExit && !rule.syscalls.is_all() && !rule.syscalls.empty() && !rule.arch())
      lines.push_back(line_of(rule));
  if (lines.empty()) return Outcome::well();
  return Outcome::found(Level::kWarning,
                        fmt::format("{} name{} system calls and no arch: {}", base::count_text(lines.size(), "rule"),
                                    lines.size() == 1 ? "s" : "", listed(lines)),
                        {"add -F arch=b64 to each, and a second one with -F arch=b32 (in YAML: arch: [b64, b32])"});
}

Outcome look_at_missing_rules(const Facts& facts) {
  if (!facts.daemon) return Outcome::unknown(facts.daemon.why());
  if (!facts.daemon->has_rules) return Outcome::unrelated("this nauditd loads no rules");
  Outcome outcome;
  if (!facts.daemon->rules_error.empty())
    outcome.add(Level::kWarning, fmt::format("Rules could not be loaded: {}", facts.daemon->rules_error),
                {"nauditctl rules check", "nauditctl reload"});
  if (facts.daemon->rules_missing > 0 && facts.daemon->rules_locked)
    outcome.add(Level::kWarning, rules::locked_text(facts.daemon->rules_missing), {"nauditctl rules diff", "reboot"});
  else if (facts.daemon->rules_missing > 0)
    outcome.add(Level::kWarning,
                fmt::format("{} of {} wanted rules are not in the kernel as the files want them",
                            facts.daemon->rules_missing, facts.daemon->rules_wanted),
                {"nauditctl rules diff", "nauditctl rules apply"});
  return outcome;
}

Outcome look_at_noisy_key(const Facts& facts) {
  if (!facts.keys) return Outcome::unknown(facts.keys.why());
  for (const KeyFact& one : *facts.keys)
    if (one.share >= kNearlyAll && one.rate >= kNoisy)
      return Outcome::found(Level::kWarning,
                            fmt::format("The key {} makes {:.0f} % of the events, {:.0f} a second",
                                        base::in_quotes(one.key), one.share * 100, one.rate),
                            {"nauditctl top --by program --by user --key " + shell_word(one.key),
                             "narrow its rule, or exclude the program that makes them (docs/rules.md)"});
  return Outcome::well();
}

}  // namespace naudit::ctl
