// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/rule/names.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "base/text.hpp"

namespace naudit::rules {
namespace {

template <typename T>
struct Word {
  std::string_view name;
  T value;
};

constexpr Word<List> kLists[] = {
    {"user", List::kUser},
    {"task", List::kTask},
    {"exit", List::kExit},
    {"exclude", List::kExclude},
    {"filesystem", List::kFilesystem},
    {"io_uring", List::kIoUring},
};

constexpr Word<Action> kActions[] = {
    {"never", Action::kNever}, {"possible", Action::kPossible}, {"always", Action::kAlways}};

// Longer ones first: the first that fits is the longest that fits.
constexpr Word<Operator> kOperators[] = {
    {"!=", Operator::kNotEqual}, {">=", Operator::kGreaterEqual}, {"<=", Operator::kLessEqual}, {"&=", Operator::kTest},
    {"=", Operator::kEqual},     {">", Operator::kGreater},       {"<", Operator::kLess},       {"&", Operator::kMask},
};

constexpr Word<std::uint32_t> kFiletypes[] = {
    {"block", S_IFBLK}, {"character", S_IFCHR}, {"dir", S_IFDIR},     {"fifo", S_IFIFO},
    {"file", S_IFREG},  {"link", S_IFLNK},      {"socket", S_IFSOCK},
};

// Magic numbers of linux/magic.h.
constexpr Word<std::uint32_t> kFstypes[] = {
    {"debugfs", 0x64626720}, {"tracefs", 0x74726163}, {"cgroup", 0x0027e0eb}, {"cgroup2", 0x63677270}};

// AUDIT_COMPARE_* of linux/audit.h are 1, 2, … in this order.
constexpr Comparison kComparisons[] = {
    {FieldId::kUid, FieldId::kObjUid},  {FieldId::kGid, FieldId::kObjGid},   {FieldId::kEuid, FieldId::kObjUid},
    {FieldId::kEgid, FieldId::kObjGid}, {FieldId::kAuid, FieldId::kObjUid},  {FieldId::kSuid, FieldId::kObjUid},
    {FieldId::kSgid, FieldId::kObjGid}, {FieldId::kFsuid, FieldId::kObjUid}, {FieldId::kFsgid, FieldId::kObjGid},
    {FieldId::kUid, FieldId::kAuid},    {FieldId::kUid, FieldId::kEuid},     {FieldId::kUid, FieldId::kFsuid},
    {FieldId::kUid, FieldId::kSuid},    {FieldId::kAuid, FieldId::kFsuid},   {FieldId::kAuid, FieldId::kSuid},
    {FieldId::kAuid, FieldId::kEuid},   {FieldId::kEuid, FieldId::kSuid},    {FieldId::kEuid, FieldId::kFsuid},
    {FieldId::kSuid, FieldId::kFsuid},  {FieldId::kGid, FieldId::kEgid},     {FieldId::kGid, FieldId::kFsgid},
    {FieldId::kGid, FieldId::kSgid},    {FieldId::kEgid, FieldId::kFsgid},   {FieldId::kEgid, FieldId::kSgid},
    {FieldId::kSgid, FieldId::kFsgid},
};

template <typename Table>
auto value_of(const Table& table, std::string_view name, bool any_case) noexcept
    -> std::optional<decltype(table[0].value)> {
  for (const auto& word : table)
    if (any_case ? base::same_word(word.name, name) : word.name == name) return word.value;
  return std::nullopt;
}

template <typename Table, typename T>
std::string_view name_of(const Table& table, T value) noexcept {
  for (const auto& word : table)
    if (word.value == value) return word.name;
  return {};
}

}  // namespace

std::optional<List> list_by_name(std::string_view name) noexcept {
  return value_of(kLists, name, false);
}
std::string_view list_name(List list) noexcept {
  return name_of(kLists, list);
}
std::optional<Action> action_by_name(std::string_view name) noexcept {
  return value_of(kActions, name, false);
}
std::string_view action_name(Action action) noexcept {
  return name_of(kActions, action);
}

std::string_view operator_text(Operator op) noexcept {
  return name_of(kOperators, op);
}

std::optional<OperatorMatch> operator_at(std::string_view text) noexcept {
  for (const auto& word : kOperators)
    if (text.starts_with(word.name)) return OperatorMatch{word.value, word.name.size()};
  return std::nullopt;
}

std::optional<std::uint32_t> filetype_by_name(std::string_view name) noexcept {
  return value_of(kFiletypes, name, true);
}
std::string_view filetype_name(std::uint32_t value) noexcept {
  return name_of(kFiletypes, value);
}
std::optional<std::uint32_t> fstype_by_name(std::string_view name) noexcept {
  return value_of(kFstypes, name, true);
}
std::string_view fstype_name(std::uint32_t value) noexcept {
  return name_of(kFstypes, value);
}

std::optional<std::uint32_t> comparison(FieldId left, FieldId right) noexcept {
  std::uint32_t value = 0;
  for (const Comparison& pair : kComparisons) {
    ++value;
    if ((pair.left == left && pair.right == right) || (pair.left == right && pair.right == left)) return value;
  }
  return std::nullopt;
}

std::optional<Comparison> comparison_fields(std::uint32_t value) noexcept {
  if (value == 0 || value > std::size(kComparisons)) return std::nullopt;
  return kComparisons[value - 1];
}

}  // namespace naudit::rules
