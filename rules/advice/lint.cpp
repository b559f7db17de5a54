// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/advice/lint.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rules/advice/cost.hpp"
#include "rules/advice/subsume.hpp"
#include "rules/auditctl/listing.hpp"
#include "rules/rule/fields.hpp"
#include "rules/rule/perm_mask.hpp"
#include "rules/rule/rule.hpp"
#include "tables/syscalls.hpp"

namespace naudit::rules {
namespace {

constexpr double kTooMany = 100;  // events a second, by the estimate
constexpr std::size_t kMostPlaces = 5;

bool narrows(const Field& field) {
  return field.id != FieldId::kKey && field.id != FieldId::kArch;
}

bool is_anchored(const Rule& rule) {
  return rule.find(FieldId::kPath) != nullptr || rule.find(FieldId::kDir) != nullptr;
}

std::string arch_word(tables::ArchWord arch, tables::ArchWord native) {
  if (arch == native) return "b64";
  return arch == tables::arch_compat(native) ? "b32" : std::string(tables::arch_name(arch));
}

// Advice on one rule by itself.
class RuleLinter {
 public:
  RuleLinter(const Environment& environment, std::vector<Advice>& advice)
      : environment_(environment), advice_(advice) {}

  void look(const WantedRule& wanted) {
    const Rule& rule = wanted.rule;
    const bool conditions = std::ranges::any_of(rule.fields, narrows);
    if (rule.list == List::kTask && rule.action == Action::kNever && !conditions) {
      advise(wanted, "never-task",
             "'never,task' turns system call auditing off for every new process: no other rule will fire; remove it");
    }
    if (rule.list == List::kExit) exit_rule(wanted, conditions);
    if (is_impossible(rule)) {
      advise(wanted, "never-fits",
             "no event can fit: its conditions exclude each other, or ask for a number below 0" + exit_hint(rule));
    }
    for (const Field& field : rule.fields)
      if (is_path(field.id)) path(wanted, field);
  }

  void finish() {
    if (more_watches_ == 0) return;
    std::string& message = advice_[*first_watch_].message;
    message += "; " + std::to_string(more_watches_) +
               (more_watches_ == 1 ? " rule more like it: " : " rules more like it: ") + watch_places_ +
               (more_watches_ > kMostPlaces ? ", …" : "");
  }

 private:
  void advise(const WantedRule& rule, std::string_view check, std::string text) {
    advice_.push_back({rule.place, check, std::move(text)});
  }

  static std::string exit_hint(const Rule& rule) {
    const bool asks_below = std::ranges::any_of(
        rule.fields, [](const Field& one) { return one.id == FieldId::kExit && one.op == Operator::kLess; });
    return asks_below ? " (the kernel compares without a sign; write success=0 for 'exit<0')" : "";
  }

  void exit_rule(const WantedRule& wanted, bool conditions) {
    const Rule& rule = wanted.rule;
    const bool all = rule.syscalls.is_all();
    const bool has_arch = rule.find(FieldId::kArch) != nullptr;
    if (!all && !has_arch) {
      advise(
          wanted, "no-arch",
          "no arch: the same numbers are other system calls to 32-bit programs; write one rule with arch=b64 and one "
          "with arch=b32");
    }
    if (!all) unknown_calls(wanted);
    if (rule.action != Action::kAlways) return;
    if (all && !conditions) {
      const auto arch = rule.arch();
      const std::string whose = arch ? std::string(tables::arch_name(*arch)) + " program" : "process";
      advise(wanted, "all-calls",
             "records every system call of every " + whose + ", " + cost_text(rule) +
                 ": more than a machine can bear; name the calls, and whose");
      return;
    }
    const bool anchored = is_anchored(rule);
    if (all && anchored && !has_arch) {
      slow_watch(wanted);
    } else if (all && !anchored && rule.find(FieldId::kExe) == nullptr && rule.find(FieldId::kPid) == nullptr) {
      advise(wanted, "all-calls",
             "looks at every system call of every process (" + cost_text(rule) +
                 "), which costs each of them; name the calls");
    } else if (const Cost cost = estimate(rule); cost.events >= kTooMany) {
      advise(wanted, "wide",
             "too wide: hooks " + share_text(cost.hooked) + " of a busy server's system calls and makes " +
                 events_text(cost.events) + " there, by a rough estimate; " + narrower(rule));
    }
  }

  static std::string cost_text(const Rule& rule) {
    const Cost cost = estimate(rule);
    return share_text(cost.hooked) + " of the calls, " + events_text(cost.events) + " on a busy server";
  }

  static std::string narrower(const Rule& rule) {
    if (rule.find(FieldId::kAuid) == nullptr) return "narrow it by whose calls matter: auid>=1000, auid!=unset";
    if (rule.find(FieldId::kSuccess) == nullptr && rule.find(FieldId::kExit) == nullptr)
      return "narrow it by the outcome (success=0), the place (dir=) or the program (exe=)";
    return "narrow it by the place (dir=) or the program (exe=), or leave out frequent calls";
  }

  // Told once, with where the others stand: sets of hundreds of watches are common.
  void slow_watch(const WantedRule& wanted) {
    if (first_watch_) {
      if (++more_watches_ <= kMostPlaces) watch_places_ += (more_watches_ > 1 ? ", " : "") + wanted.place.text();
      return;
    }
    first_watch_ = advice_.size();
    advise(
        wanted, "slow-watch",
        "slow form: without an arch the kernel looks at it in every system call, with one only in those that can touch "
        "a file; in YAML add 'arch: [b64, b32]', in auditctl's syntax write it as " +
            fast_form(wanted.rule) + ", and the same with arch=b32" + left_out_of_b32(wanted.rule));
  }

  // auditctl's calls for perm are not all that the kernel's own test for perm knows of 32-bit programs.
  [[nodiscard]] std::string left_out_of_b32(const Rule& rule) const {
    if (environment_.native != tables::kArchX86_64) return {};
    const Field* const perm = rule.find(FieldId::kPerm);
    const std::uint32_t letters = perm != nullptr ? perm->value : kPermAll;
    std::string calls;
    if ((letters & kPermAttributes) != 0) calls = "chown32,fchown32,lchown32";
    if ((letters & kPermWrite) != 0) calls += (calls.empty() ? "" : ",") + std::string("truncate64,ftruncate64");
    return calls.empty() ? "" : " and -S " + calls + " (syscalls in YAML), which perm leaves out there";
  }

  [[nodiscard]] std::string fast_form(Rule rule) const {
    const Field* const perm = rule.find(FieldId::kPerm);
    rule.syscalls = SyscallMask::all();
    if (perm == nullptr) rule.fields.insert(rule.fields.begin(), {FieldId::kPerm, Operator::kEqual, kPermAll, {}});
    rule.fields.insert(rule.fields.begin(), {FieldId::kArch, Operator::kEqual, environment_.native, {}});
    std::string line = rule_line(rule, environment_.native);
    // auditctl 4 fills in the calls itself.
    if (const std::size_t at = line.find(" -S all"); at != std::string::npos) line.erase(at, 7);
    return line;
  }

  void unknown_calls(const WantedRule& wanted) {
    const tables::ArchWord arch = wanted.rule.arch().value_or(environment_.native);
    if (!tables::has_syscalls(arch)) return;
    std::string numbers;
    for (const std::uint32_t number : wanted.rule.syscalls.numbers())
      if (tables::syscall_name(arch, number).empty()) numbers += (numbers.empty() ? "" : ", ") + std::to_string(number);
    if (numbers.empty()) return;
    advise(wanted, "no-such-call",
           "no system call of " + std::string(tables::arch_name(arch)) + " that is known here has the number " +
               numbers + "; if it is meant for another arch, write arch=" +
               (arch == environment_.native ? "b32" : arch_word(environment_.native, environment_.native)));
  }

  void path(const WantedRule& wanted, const Field& field) {
    if (environment_.exists && !environment_.exists(field.text)) {
      advise(wanted, "no-such-path",
             field.text + " does not exist" +
                 (field.id == FieldId::kDir   ? "; the kernel will refuse the rule"
                  : field.id == FieldId::kExe ? "; the rule cannot fit until the program is there, "
                                                "and the kernel refuses it without its directory"
                                              : "; it is watched once it is made, if its directory "
                                                "exists when the rule is loaded"));
      return;
    }
    const std::string target = environment_.link_target ? environment_.link_target(field.text) : std::string();
    if (target.empty()) return;
    const std::string what = field.id == FieldId::kExe ? "; no process runs the link itself, so the rule never fits"
                                                       : "; the kernel watches the link and not what it points to";
    advise(wanted, "symlink", field.text + " is a symbolic link" + what + ": write " + target);
  }

  const Environment& environment_;
  std::vector<Advice>& advice_;
  std::optional<std::size_t> first_watch_;  // in advice_
  std::size_t more_watches_ = 0;
  std::string watch_places_;
};

// Comparing each rule with all before it costs its square; beyond this nobody reads the advice.
constexpr std::size_t kMostCompared = 2000;

// What a program does that reads a file of events or sends it on.
constexpr std::string_view kReaderCalls[] = {"read", "open", "openat", "write", "send", "sendto", "sendmsg", "connect"};

bool narrows_who(const Field& field) {
  return field_row(field.id).is(kSaysWho);
}

bool is_call_list(const Rule& rule) {
  return rule.list == List::kExit || rule.list == List::kIoUring;
}

// The part of lint() that looks at a rule among the others: never reached, without effect, better as one, making
// events of those who read events. Owner: lint(), for one set. Pure.
class SetLinter {
 public:
  SetLinter(std::span<const WantedRule> rules, tables::ArchWord native, std::vector<Advice>& advice)
      : rules_(rules), native_(native), advice_(advice) {}

  // Rules must be looked at in their order.
  void look(std::size_t index);

 private:
  void advise(const WantedRule& rule, std::string_view check, std::string text);
  bool unreached(std::size_t index);
  void without_effect(std::size_t index);
  void mergeable(std::size_t index);
  void feedback(std::size_t index);

  std::span<const WantedRule> rules_;
  tables::ArchWord native_;
  std::vector<Advice>& advice_;
  std::unordered_map<std::string, std::size_t> same_conditions_;  // the first rule with them
  bool feedback_told_ = false;
};

void SetLinter::advise(const WantedRule& rule, std::string_view check, std::string text) {
  advice_.push_back({rule.place, check, std::move(text)});
}

void SetLinter::look(std::size_t index) {
  if (index >= kMostCompared) return;
  if (unreached(index)) return;
  without_effect(index);
  mergeable(index);
  feedback(index);
}

bool SetLinter::unreached(std::size_t index) {
  const WantedRule& wanted = rules_[index];
  const auto before = rules_.first(index);
  const auto hider =
      std::ranges::find_if(before, [&wanted](const WantedRule& other) { return covers(other.rule, wanted.rule); });
  if (hider == before.end()) return false;
  advise(wanted, "unreached",
         "never reached: all that it matches is matched before by the rule at " + hider->place.text() + " (" +
             rule_line(hider->rule, native_) + "); remove it, or put it in front of that one");
  return true;
}

// A rule that leaves out does so for the rules behind it.
void SetLinter::without_effect(std::size_t index) {
  const WantedRule& wanted = rules_[index];
  if (wanted.rule.action != Action::kNever || !is_call_list(wanted.rule)) return;
  const auto behind = rules_.subspan(index + 1);
  const bool has_effect = std::ranges::any_of(behind, [&wanted](const WantedRule& other) {
    return other.rule.action == Action::kAlways && may_overlap(wanted.rule, other.rule);
  });
  if (has_effect) return;
  advise(wanted, "no-effect",
         "leaves out nothing: no rule behind it records what it matches; put it in front of the rules that it shall "
         "restrict");
}

void SetLinter::mergeable(std::size_t index) {
  const WantedRule& wanted = rules_[index];
  const Rule& rule = wanted.rule;
  if (!is_call_list(rule) || rule.syscalls.is_all()) return;
  if (rule.find(FieldId::kPerm) != nullptr) return;  // its calls follow from the permissions
  if (rule.action == Action::kNever) {
    same_conditions_.clear();  // what is merged must not jump over it
    return;
  }
  Rule any_calls = rule;
  any_calls.syscalls = {};
  const auto [first, is_first] = same_conditions_.try_emplace(identity(any_calls), index);
  const WantedRule& other = rules_[first->second];
  if (is_first || other.place == wanted.place) return;
  advise(wanted, "mergeable",
         "has the conditions and the key of the rule at " + other.place.text() +
             "; one rule with the calls of both costs every system call less");
}

void SetLinter::feedback(std::size_t index) {
  const WantedRule& wanted = rules_[index];
  const Rule& rule = wanted.rule;
  if (feedback_told_ || rule.list != List::kExit || rule.action != Action::kAlways) return;
  if (std::ranges::any_of(rule.fields, narrows_who)) return;
  const tables::ArchWord arch = rule.arch().value_or(native_);
  std::string names;
  for (const std::string_view name : kReaderCalls) {
    const auto number = tables::syscall_number(arch, name);
    if (number && rule.syscalls.test(*number)) names += (names.empty() ? "" : ", ") + std::string(name);
  }
  const bool is_excluded = std::ranges::any_of(rules_.first(index), [&rule](const WantedRule& other) {
    return other.rule.action == Action::kNever && may_overlap(other.rule, rule) &&
           std::ranges::any_of(other.rule.fields, narrows_who);
  });
  if (names.empty() || is_excluded) return;
  feedback_told_ = true;
  advise(wanted, "feedback",
         "records " + names +
             " of every program, also of one that reads or forwards the events, and so makes events of events; put "
             "'-a never,exit -F exe=' with that program's path in front (the kernel leaves out nauditd itself; told "
             "once)");
}

}  // namespace

std::string Advice::text() const {
  return base::Problem{place, message}.text() + " [" + std::string(check) + "]";
}

std::vector<Advice> lint(std::span<const WantedRule> rules, const Environment& environment) {
  std::vector<Advice> advice;
  RuleLinter linter(environment, advice);
  SetLinter set(rules, environment.native, advice);
  for (std::size_t i = 0; i < rules.size(); ++i) {
    linter.look(rules[i]);
    set.look(i);
  }
  linter.finish();
  return advice;
}

}  // namespace naudit::rules
