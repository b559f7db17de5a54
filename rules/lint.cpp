// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/lint.hpp"

#include <algorithm>

#include "rules/listing.hpp"

namespace naudit::rules {
namespace {

// Comparing each rule with all before it costs its square; beyond this nobody reads the advice.
constexpr std::size_t kMostCompared = 2000;

bool covers(const SyscallMask& wide, const SyscallMask& narrow) {
  for (std::size_t i = 0; i < SyscallMask::kWords; ++i) {
    if ((narrow.words[i] & ~wide.words[i]) != 0) return false;
  }
  return true;
}

// Whether each event that fits the later rule fits the earlier one, as far as equal conditions tell.
bool hides(const Rule& earlier, const Rule& later) {
  if (earlier.list != later.list || !covers(earlier.syscalls, later.syscalls)) return false;
  return std::all_of(earlier.fields.begin(), earlier.fields.end(), [&later](const Field& field) {
    return field.id == FieldId::kKey ||
           std::find(later.fields.begin(), later.fields.end(), field) != later.fields.end();
  });
}

bool narrows(const Field& field) {
  return field.id != FieldId::kKey && field.id != FieldId::kArch;
}

class Linter {
 public:
  explicit Linter(const Environment& environment) : environment_(environment) {}

  std::vector<config::Problem> run(std::span<const WantedRule> rules) {
    for (std::size_t i = 0; i < rules.size(); ++i) {
      alone(rules[i]);
      if (i < kMostCompared) against(rules.first(i), rules[i]);
    }
    return std::move(advice_);
  }

 private:
  void advise(const WantedRule& rule, std::string text) { advice_.push_back({rule.place, std::move(text)}); }

  void alone(const WantedRule& wanted) {
    const Rule& rule = wanted.rule;
    const bool conditions = std::any_of(rule.fields.begin(), rule.fields.end(), narrows);
    if (rule.list == List::kTask && rule.action == Action::kNever && !conditions) {
      advise(wanted, "'never,task' turns system call auditing off for every new process: no other rule will fire");
    }
    if (rule.list == List::kExit && rule.action == Action::kAlways) exit_rule(wanted, conditions);
    for (const Field& field : rule.fields) {
      const bool path = field.id == FieldId::kPath || field.id == FieldId::kDir || field.id == FieldId::kExe;
      if (path && environment_.exists && !environment_.exists(field.text)) {
        advise(wanted,
               field.text + " does not exist" + (field.id == FieldId::kDir ? "; the kernel will refuse the rule" : ""));
      }
    }
  }

  void exit_rule(const WantedRule& wanted, bool conditions) {
    const Rule& rule = wanted.rule;
    const bool all = rule.syscalls.is_all();
    if (!all && rule.find(FieldId::kArch) == nullptr) {
      advise(wanted, "no arch: the same numbers are other system calls to 32-bit programs; say arch=b64 or arch=b32");
    }
    if (all && !conditions) {
      advise(wanted, "records every system call of every process; that is more than a machine can bear");
      return;
    }
    const bool anchored = rule.find(FieldId::kPath) != nullptr || rule.find(FieldId::kDir) != nullptr;
    if (all && !anchored && rule.find(FieldId::kExe) == nullptr && rule.find(FieldId::kPid) == nullptr) {
      advise(wanted, "looks at every system call of every process, which costs each of them; name the calls");
    }
    if (all && anchored && rule.find(FieldId::kArch) == nullptr && !watch_told_) {
      watch_told_ = true;
      advise(wanted,
             "a watch without an arch is looked at in every system call; the same with arch=b64 and arch=b32 "
             "only in those that can touch a file (told once)");
    }
  }

  void against(std::span<const WantedRule> before, const WantedRule& wanted) {
    const auto hider = std::find_if(before.begin(), before.end(),
                                    [&wanted](const WantedRule& other) { return hides(other.rule, wanted.rule); });
    if (hider == before.end()) return;
    advise(wanted, "never reached: all that it matches is matched before by the rule at " + hider->place.text() + " (" +
                       rule_line(hider->rule, environment_.native) + ")");
  }

  const Environment& environment_;
  std::vector<config::Problem> advice_;
  bool watch_told_ = false;
};

}  // namespace

std::vector<config::Problem> lint(std::span<const WantedRule> rules, const Environment& environment) {
  return Linter(environment).run(rules);
}

}  // namespace naudit::rules
