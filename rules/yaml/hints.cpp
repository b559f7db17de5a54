// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/yaml/hints.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "config/yaml/document.hpp"
#include "rules/rule/perm_mask.hpp"
#include "rules/rule/rule.hpp"
#include "tables/syscalls.hpp"

namespace naudit::rules {
namespace {

struct PermissionWord {
  std::string_view name;
  std::uint32_t bits;
};
constexpr std::array<PermissionWord, 4> kPermissionWords{
    {{"read", kPermRead}, {"write", kPermWrite}, {"execute", kPermExecute}, {"attributes", kPermAttributes}}};

// "open, close" and "open close" are several names in one.
std::string hint_list(std::string_view word) {
  if (word.find_first_of(", ") == std::string_view::npos) return {};
  std::string list;
  while (!word.empty()) {
    const std::string_view one = word.substr(0, word.find_first_of(", "));
    word.remove_prefix(std::min(one.size() + 1, word.size()));
    if (one.empty()) continue;
    if (!list.empty()) list += ", ";
    list += one;
  }
  return "; several are a list: [" + list + "]";
}

}  // namespace

std::string hint_word(std::string_view word, const std::vector<std::string_view>& known) {
  const std::string_view near = config::nearest(word, known);
  return near.empty() ? "" : "; did you mean " + base::in_quotes(near) + "?";
}

std::string hint_syscall(std::string_view name, const std::vector<tables::ArchWord>& arches) {
  if (std::string list = hint_list(name); !list.empty()) return list;
  std::vector<std::string_view> known;
  for (const tables::ArchWord arch : arches) {
    for (std::uint32_t number = 0; number < SyscallMask::kBits; ++number) {
      const std::string_view one = tables::syscall_name(arch, number);
      if (!one.empty()) known.push_back(one);
    }
  }
  return hint_word(name, known);
}

std::string hint_uring_op(std::string_view name) {
  if (std::string list = hint_list(name); !list.empty()) return list;
  std::vector<std::string_view> known;
  for (std::uint32_t op = 0; op < SyscallMask::kBits; ++op) {
    const std::string_view one = tables::uring_op_name(op);
    if (!one.empty()) known.push_back(one);
  }
  return hint_word(name, known);
}

std::optional<std::uint32_t> permission_by_word(std::string_view word) noexcept {
  const auto* const found = std::ranges::find(kPermissionWords, word, &PermissionWord::name);
  if (found == kPermissionWords.end()) return std::nullopt;
  return found->bits;
}

std::string hint_permission(std::string_view word) {
  if (const auto bits = perm_by_letters(word); bits && !word.empty()) {
    std::string list;
    for (const PermissionWord& known : kPermissionWords) {
      if ((*bits & known.bits) == 0) continue;
      if (!list.empty()) list += ", ";
      list += known.name;
    }
    return "; write it out: [" + list + "]";
  }
  if (std::string list = hint_list(word); !list.empty()) return list;
  std::vector<std::string_view> known;
  for (const PermissionWord& one : kPermissionWords) known.push_back(one.name);
  return hint_word(word, known);
}

}  // namespace naudit::rules
