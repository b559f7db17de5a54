// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/advice/subsume.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "rules/rule/fields.hpp"

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

}  // namespace

bool covers(const Rule& earlier, const Rule& later) {
  if (earlier.list != later.list || !covers_calls(earlier.syscalls, later.syscalls)) return false;
  return std::ranges::all_of(earlier.fields, [&later](const Field& field) { return follows(later, field); });
}

bool is_impossible(const Rule& rule) {
  return std::ranges::any_of(
      rule.fields, [&rule](const Field& field) { return is_number(field.id) && range_of(rule, field.id).is_empty(); });
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
