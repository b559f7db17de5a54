// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/advice/lint_sets.hpp"

#include <algorithm>

#include "rules/advice/subsume.hpp"
#include "rules/auditctl/listing.hpp"
#include "rules/rule/fields.hpp"
#include "rules/rule/perm_mask.hpp"
#include "tables/syscalls.hpp"

namespace naudit::rules {
namespace {

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

}  // namespace

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

}  // namespace naudit::rules
