// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/rule/environment.hpp"
#include "rules/rule/field_value.hpp"
#include "rules/rule/rule.hpp"

namespace naudit::rules {

// auditctl 4's advice on each -w. Where whole files are read it is left to lint, which says it once and says what to
// write instead.
inline constexpr std::string_view kSlowWatchWarning = "Old style watch rules are slower";

// The others of auditctl's warnings that lint says once, with the rule to write instead.
inline constexpr std::string_view kSlowPermWarning = "perm used without an arch is slower";
inline constexpr std::string_view kMismatchWarning = "WARNING - 32/64 bit syscall mismatch, you should specify an arch";
inline constexpr std::string_view kWildcardWarning = "Warning - wildcard notation is not supported";
constexpr bool is_told_by_advice(std::string_view warning) noexcept {
  return warning == kSlowWatchWarning || warning == kSlowPermWarning || warning == kMismatchWarning ||
         warning == kWildcardWarning;
}

inline constexpr std::string_view kKeyNeedsAnchor = "Key field needs a watch, syscall or exe path given prior to it";

// Puts one rule together part by part, in the order in which they were written, with auditctl's conditions on that
// order. Both faces, the options of auditctl and YAML, end here.
//
// Owner: a parser, for the time of one rule. Each step gives auditctl's message on failure; the rule is then no good.
// Pure except for what the environment does.
class RuleBuilder {
 public:
  explicit RuleBuilder(const Environment& environment) : environment_(environment) {}

  void set_list(List list, Action action, bool prepend);
  // The rule is to be deleted: no advice on how to write it.
  void set_deletion() noexcept { deletion_ = true; }
  // The kernel's conditions instead of auditctl's.
  void follow_kernel() noexcept { grammar_ = Grammar::kKernel; }
  // -w: list exit, action always, every system call, `path` or `dir` by what the environment says, all permissions.
  Parsed<void> set_watch(std::string_view path);
  Parsed<void> add_syscalls(std::string_view comma_list);
  Parsed<void> add_field(std::string_view expression);
  Parsed<void> add_field(const Expression& expression);
  Parsed<void> add_comparison(std::string_view expression);
  Parsed<void> set_permissions(std::string_view letters);  // -p
  Parsed<void> add_key(std::string_view key);

  [[nodiscard]] bool has_list() const noexcept { return list_.has_value(); }
  [[nodiscard]] bool has_syscalls() const noexcept { return syscalls_given_; }
  // Whether a key may follow: auditctl wants something before it that the rule hangs on.
  [[nodiscard]] bool has_anchor() const noexcept {
    return syscalls_given_ || anchored_ || grammar_ == Grammar::kKernel;
  }
  [[nodiscard]] bool has_keys() const noexcept { return !keys_.empty(); }
  // Warnings since the last call.
  std::vector<std::string> take_warnings() { return std::exchange(warnings_, {}); }

  // The whole rule: keys as one field at the end, every system call when none was named.
  Parsed<WantedRule> finish();

 private:
  Parsed<std::uint32_t> syscall(std::string_view name) const;
  Parsed<SyscallMask> syscall_mask(std::string_view comma_list) const;
  void warn_of_mismatch(std::string_view comma_list, const SyscallMask& mask);
  Parsed<void> add(Field field);

  const Environment& environment_;
  Grammar grammar_ = Grammar::kAuditctl;
  Rule rule_;
  std::optional<List> list_;
  std::optional<tables::ArchWord> arch_;
  SyscallMask perm_mask_, older_perm_mask_;
  std::string keys_;
  std::vector<std::string> warnings_;
  bool syscalls_given_ = false;
  bool anchored_ = false;
  bool perm_mask_given_ = false;
  bool deletion_ = false;
};

}  // namespace naudit::rules
