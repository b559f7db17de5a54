// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tables/record_types.hpp"

#include <array>
#include <charconv>

#include "tables/name_table.hpp"
#include "tables/perfect_hash.hpp"

namespace naudit::tables {
namespace {

constexpr NameRow kRows[] = {
#define NAUDIT_RECORD_TYPE(number, constant, name) {number, name},
#include "tables/generated/record_types.inc"
#undef NAUDIT_RECORD_TYPE
};
constexpr std::size_t kCount = std::size(kRows);
constexpr std::size_t kLongestName = 32;
constexpr std::uint16_t kFirst = 1000;  // below are the kernel's request types, which never are records
constexpr std::uint16_t kLast = kRows[kCount - 1].number;

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
constexpr char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

constexpr auto kLowerNames = [] {
  std::array<std::array<char, kLongestName>, kCount> names{};
  for (std::size_t i = 0; i < kCount; ++i)
    for (std::size_t j = 0; j < kRows[i].name.size(); ++j) names[i][j] = lower(kRows[i].name[j]);
  return names;
}();

// Row + 1 of each number; 0 is a gap.
constexpr auto kByNumber = [] {
  std::array<std::uint16_t, kLast - kFirst + 1> rows{};
  for (std::size_t i = 0; i < kCount; ++i) {
    if (i > 0 && kRows[i].number <= kRows[i - 1].number) throw "not sorted by number";
    rows[kRows[i].number - kFirst] = static_cast<std::uint16_t>(i + 1);
  }
  return rows;
}();

constexpr std::array<std::string_view, kCount + 1> names_after_none() {
  std::array<std::string_view, kCount + 1> names{};
  for (std::size_t i = 0; i < kCount; ++i) names[i + 1] = kRows[i].name;
  return names;
}
constexpr PerfectHash<kCount + 1, 8192> kHash(names_after_none());

std::size_t row_of(std::uint16_t type) noexcept {
  return type < kFirst || type > kLast ? 0 : kByNumber[static_cast<std::size_t>(type - kFirst)];
}

using enum RecordCategory;

struct RangeRow {
  std::uint16_t first, last;
  RecordTraits traits;
};

// linux/audit.h and libaudit.h; types that no header names yet are of their range as well.
constexpr RangeRow kRanges[] = {
    {type::kUser, type::kUser, {.single = true, .user_space = true, .category = kUserSpace}},
    {1100, 1199, {.single = true, .user_space = true, .category = kUserSpace}},
    {1200, 1299, {.single = true, .category = kDaemon}},
    {1300, 1399, {.repeatable = true, .category = kEvent}},
    {1400, 1402, {.repeatable = true, .category = kMacDecision}},
    {1403, 1499, {.repeatable = true, .category = kMac}},
    {1500, 1599, {.repeatable = true, .category = kApparmor}},
    {1600, 1699, {.repeatable = true, .category = kCrypto}},
    {1700, 1799, {.repeatable = true, .category = kAnomaly}},
    {1800, 1899, {.repeatable = true, .category = kIntegrity}},
    {1900, 1999, {.repeatable = true}},
    {type::kKernel, type::kKernel, {.single = true}},
    {2001, 2099, {.repeatable = true}},
    {2100, 2199, {.single = true, .user_space = true, .category = kAnomaly}},
    {2200, 2299, {.single = true, .user_space = true, .category = kResponse}},
    {2300, 2399, {.single = true, .user_space = true, .category = kMac}},
    {2400, 2499, {.single = true, .user_space = true, .category = kCrypto}},
    {2500, 2599, {.single = true, .user_space = true, .category = kVirt}},
    {2600, 2999, {.single = true, .user_space = true, .category = kUserSpace}},
};

// How a type differs from its range.
struct TypeRow {
  std::uint16_t type;
  bool needs_syscall = false, auxiliary = false, repeatable = true;
};
constexpr TypeRow kTypes[] = {
    {.type = type::kSyscall, .auxiliary = true, .repeatable = false},
    {.type = 1301, .needs_syscall = true},  // obsolete
    {.type = type::kPath, .needs_syscall = true, .auxiliary = true},
    {.type = type::kIpc, .needs_syscall = true, .auxiliary = true},
    {.type = type::kSocketcall, .needs_syscall = true, .auxiliary = true},
    {.type = type::kSockaddr, .needs_syscall = true, .auxiliary = true},
    {.type = type::kCwd, .needs_syscall = true, .auxiliary = true, .repeatable = false},
    {.type = 1308, .needs_syscall = true},  // obsolete
    {.type = type::kExecve, .needs_syscall = true, .auxiliary = true, .repeatable = false},
    {.type = 1310, .needs_syscall = true},  // obsolete
    {.type = type::kIpcSetPerm, .needs_syscall = true, .auxiliary = true},
    {.type = type::kMqOpen, .needs_syscall = true, .auxiliary = true},
    {.type = type::kMqSendrecv, .needs_syscall = true, .auxiliary = true},
    {.type = type::kMqNotify, .needs_syscall = true, .auxiliary = true},
    {.type = type::kMqGetsetattr, .needs_syscall = true, .auxiliary = true},
    {.type = type::kKernelOther, .auxiliary = true},
    {.type = type::kFdPair, .needs_syscall = true, .auxiliary = true},
    {.type = type::kObjPid, .auxiliary = true},
    {.type = type::kEoe, .auxiliary = true},
    {.type = type::kBprmFcaps, .auxiliary = true},
    {.type = type::kCapset, .auxiliary = true},
    {.type = type::kMmap, .auxiliary = true},
    {.type = type::kSeccomp, .repeatable = false},
    {.type = type::kProctitle, .needs_syscall = true, .auxiliary = true, .repeatable = false},
    {.type = type::kKernModule, .auxiliary = true},
    {.type = type::kUringop, .auxiliary = true, .repeatable = false},
    {.type = type::kOpenat2, .auxiliary = true},
    {.type = type::kAvcPath, .auxiliary = true},
    {.type = type::kMacTaskContexts, .auxiliary = true},
    {.type = type::kMacObjContexts, .auxiliary = true},
};

constexpr std::size_t kTypesEnd = 3000;

constexpr auto kTraits = [] {
  std::array<RecordTraits, kTypesEnd> traits{};
  for (const RangeRow& row : kRanges)
    for (std::size_t type = row.first; type <= row.last; ++type) traits[type] = row.traits;
  for (const TypeRow& row : kTypes) {
    RecordTraits& own = traits[row.type];
    if (!own.repeatable) throw "twice, or of a range where each record is an event";
    own.needs_syscall = row.needs_syscall;
    own.auxiliary = row.auxiliary;
    own.repeatable = row.repeatable;
  }
  return traits;
}();

std::optional<std::uint16_t> decimal(std::string_view text) noexcept {
  std::uint16_t value = 0;
  const char* begin = text.data();
  const char* end = begin + text.size();
  const auto [stop, error] = std::from_chars(begin, end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

}  // namespace

std::string_view record_type_name(std::uint16_t type) noexcept {
  const std::size_t row = row_of(type);
  return row == 0 ? std::string_view{} : kRows[row - 1].name;
}

std::string_view record_type_key(std::uint16_t type) noexcept {
  const std::size_t row = row_of(type);
  if (row == 0) return {};
  return {kLowerNames[row - 1].data(), kRows[row - 1].name.size()};
}

std::optional<std::uint16_t> record_type(std::string_view name) noexcept {
  if (const std::uint16_t row = kHash.find(name)) return static_cast<std::uint16_t>(kRows[row - 1].number);
  if (name.empty() || name.size() > kLongestName) return std::nullopt;

  std::array<char, kLongestName> raised{};
  for (std::size_t i = 0; i < name.size(); ++i) raised[i] = upper(name[i]);
  const std::string_view upper_name(raised.data(), name.size());
  if (const std::uint16_t row = kHash.find(upper_name)) return static_cast<std::uint16_t>(kRows[row - 1].number);

  constexpr std::string_view kUnknown = "UNKNOWN[";
  if (upper_name.starts_with(kUnknown) && upper_name.ends_with(']'))
    return decimal(upper_name.substr(kUnknown.size(), upper_name.size() - kUnknown.size() - 1));
  return decimal(name);
}

RecordTraits record_traits(std::uint16_t type) noexcept {
  return type < kTypesEnd ? kTraits[type] : RecordTraits{};
}

std::string record_type_text(std::uint16_t type) {
  const std::string_view name = record_type_name(type);
  if (!name.empty()) return std::string(name);
  return "UNKNOWN[" + std::to_string(type) + ']';
}

}  // namespace naudit::tables
