// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/advice/subsume.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "rules/rule/fields.hpp"
#include "rules/rule/names.hpp"
#include "rules/rule/perm_mask.hpp"
#include "tables/syscalls.hpp"

namespace naudit::rules {
namespace {

bool covers_calls(const SyscallMask& wide, const SyscallMask& narrow) {
  if (wide.is_all()) return true;
  for (std::size_t i = 0; i < SyscallMask::kWords; ++i)
    if ((narrow.words[i] & ~wide.words[i]) != 0) return false;
  return true;
}

bool is_number(FieldId id) {
  return field_row(id).is(kOneNumber);
}

// The values that a field may have, by the conditions of one rule.
struct Range {
  std::uint64_t least = 0, most = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> excluded;

  [[nodiscard]] bool is_empty() const {
    return least > most || (least == most && std::ranges::find(excluded, least) != excluded.end());
  }
};

Range range_of(const Rule& rule, FieldId id) {
  Range range;
  for (const Field& field : rule.fields) {
    if (field.id != id) continue;
    const std::uint64_t value = field.value;
    switch (field.op) {
      case Operator::kEqual:
        range.least = std::max(range.least, value);
        range.most = std::min(range.most, value);
        break;
      case Operator::kNotEqual:
        range.excluded.push_back(field.value);
        break;
      case Operator::kLess:
        if (value == 0) return {.least = 1, .most = 0, .excluded = {}};
        range.most = std::min(range.most, value - 1);
        break;
      case Operator::kLessEqual:
        range.most = std::min(range.most, value);
        break;
      case Operator::kGreater:
        range.least = std::max(range.least, value + 1);
        break;
      case Operator::kGreaterEqual:
        range.least = std::max(range.least, value);
        break;
      default:
        break;
    }
  }
  return range;
}

bool lies_in(std::string_view path, std::string_view directory) {
  if (directory == "/") return true;
  return path == directory || (path.starts_with(directory) && path.substr(directory.size()).starts_with('/'));
}

bool number_follows(const Rule& later, const Field& wanted) {
  const Range range = range_of(later, wanted.id);
  const std::uint64_t value = wanted.value;
  switch (wanted.op) {
    case Operator::kEqual:
      return range.least == value && range.most == value;
    case Operator::kNotEqual:
      return value < range.least || value > range.most ||
             std::ranges::find(range.excluded, wanted.value) != range.excluded.end();
    case Operator::kLess:
      return range.most < value;
    case Operator::kLessEqual:
      return range.most <= value;
    case Operator::kGreater:
      return range.least > value;
    case Operator::kGreaterEqual:
      return range.least >= value;
    default:
      return false;
  }
}

bool has(const Range& range, std::uint64_t value) {
  return value >= range.least && value <= range.most &&
         std::ranges::find(range.excluded, value) == range.excluded.end();
}

// A call that succeeds returns no error, and the other way round (arch/x86/include/asm/ptrace.h, is_syscall_success).
bool contradicts_result(const Rule& rule) {
  constexpr std::uint64_t kFirstError = 0xFFFFF001;  // -4095
  if (rule.find(FieldId::kSuccess) == nullptr || rule.find(FieldId::kExit) == nullptr) return false;
  const Range success = range_of(rule, FieldId::kSuccess), exit = range_of(rule, FieldId::kExit);
  const bool may_fail = has(success, 0), may_succeed = has(success, 1);
  if (!may_fail && may_succeed) return exit.least >= kFirstError;
  return may_fail && !may_succeed && exit.most < kFirstError;
}

bool is_one(const Range& range) {
  return range.least == range.most;
}

// Two ids that have to differ, or to be the same, and are one number each.
bool compares_in_vain(const Rule& rule) {
  return std::ranges::any_of(rule.fields, [&rule](const Field& field) {
    if (field.id != FieldId::kFieldCompare) return false;
    const auto pair = comparison_fields(field.value);
    if (!pair || !is_number(pair->left) || !is_number(pair->right)) return false;
    const Range left = range_of(rule, pair->left), right = range_of(rule, pair->right);
    if (field.op == Operator::kNotEqual) return is_one(left) && is_one(right) && left.least == right.least;
    return left.most < right.least || right.most < left.least;
  });
}

// Whether the condition holds for all that fits the rule.
bool follows(const Rule& later, const Field& wanted) {
  if (wanted.id == FieldId::kKey) return true;
  if (std::ranges::find(later.fields, wanted) != later.fields.end()) return true;
  if (is_number(wanted.id)) return number_follows(later, wanted);
  return std::ranges::any_of(later.fields, [&wanted](const Field& field) {
    if (field.op != Operator::kEqual || wanted.op != Operator::kEqual) return false;
    if (wanted.id == FieldId::kPerm && field.id == FieldId::kPerm) return (field.value & ~wanted.value) == 0;
    const bool is_place = field.id == FieldId::kPath || field.id == FieldId::kDir;
    return wanted.id == FieldId::kDir && is_place && lies_in(field.text, wanted.text);
  });
}

// The calls by which an event can fit the rule: of a rule on files those that touch one.
SyscallMask fitting_calls(const Rule& rule, tables::ArchWord arch) {
  const Field* const perm = rule.find(FieldId::kPerm);
  const bool on_files = perm != nullptr || rule.find(FieldId::kPath) != nullptr || rule.find(FieldId::kDir) != nullptr;
  if (!on_files || rule.list != List::kExit || !tables::has_syscalls(arch)) return rule.syscalls;
  SyscallMask mask = perm_fitting(perm != nullptr ? perm->value : kPermAll, arch);
  for (std::size_t i = 0; i < SyscallMask::kWords; ++i) mask.words.at(i) &= rule.syscalls.words.at(i);
  return mask;
}

bool share_calls(const Rule& one, const Rule& other) {
  const tables::ArchWord arch = one.arch().value_or(other.arch().value_or(tables::native_arch()));
  const SyscallMask left = fitting_calls(one, arch), right = fitting_calls(other, arch);
  for (std::size_t i = 0; i < SyscallMask::kWords; ++i)
    if ((left.words.at(i) & right.words.at(i)) != 0) return true;
  return false;
}

}  // namespace

bool covers(const Rule& earlier, const Rule& later) {
  if (earlier.list != later.list || !covers_calls(earlier.syscalls, later.syscalls)) return false;
  return std::ranges::all_of(earlier.fields, [&later](const Field& field) { return follows(later, field); });
}

bool is_impossible(const Rule& rule) {
  if (contradicts_result(rule)) return true;
  return std::ranges::any_of(
      rule.fields, [&rule](const Field& field) { return is_number(field.id) && range_of(rule, field.id).is_empty(); });
}

bool TypeRange::has(std::uint32_t type) const {
  return type >= least && type <= most && std::ranges::find(excluded, type) == excluded.end();
}

TypeRange record_types(const Rule& rule) {
  Range range = range_of(rule, FieldId::kMsgtype);
  return {range.least, range.most, std::move(range.excluded)};
}

bool takes_part(const Rule& earlier, const Rule& later) {
  if (!may_overlap(earlier, later) || !share_calls(earlier, later)) return false;
  const Field* const perm = earlier.find(FieldId::kPerm);
  const Field* const other_perm = later.find(FieldId::kPerm);
  if (perm != nullptr && other_perm != nullptr && (perm->value & other_perm->value) == 0) return false;
  const bool is_wide = std::ranges::all_of(earlier.fields, [&later](const Field& field) {
    const bool names_object = is_path(field.id) || has_text(field.id) || field.id == FieldId::kInode ||
                              field.id == FieldId::kDevmajor || field.id == FieldId::kDevminor ||
                              field.id == FieldId::kFiletype || field.id == FieldId::kPid ||
                              field.id == FieldId::kPpid || field.id == FieldId::kSessionid;
    const bool is_argument = field.id >= FieldId::kArg0 && field.id <= FieldId::kArg3;
    return field.id == FieldId::kKey || (!names_object && !is_argument) || follows(later, field);
  });
  if (!is_wide) return false;
  Rule both = earlier;
  both.fields.insert(both.fields.end(), later.fields.begin(), later.fields.end());
  return !is_impossible(both) && !compares_in_vain(both);
}

bool may_overlap(const Rule& one, const Rule& other) {
  if (one.list != other.list) return false;
  const auto arch = one.arch();
  const auto other_arch = other.arch();
  if (arch && other_arch && *arch != *other_arch) return false;
  for (std::size_t i = 0; i < SyscallMask::kWords; ++i)
    if ((one.syscalls.words[i] & other.syscalls.words[i]) != 0) return true;
  return one.list != List::kExit && one.list != List::kIoUring;
}

}  // namespace naudit::rules
