// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tables/constants.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace naudit::tables {
namespace {

// Each table once as an array, and once as a place in an array of all.
// clang-format off
#define NAUDIT_TABLE(kind) constexpr NameRow kind##Rows[] = {
#define NAUDIT_ROW(number, name) {number, name},
#define NAUDIT_END };
// clang-format on
#include "tables/generated/constants.inc"
#undef NAUDIT_TABLE
#undef NAUDIT_ROW
#undef NAUDIT_END

using Tables = std::array<std::span<const NameRow>, static_cast<std::size_t>(Constants::kXdpOption) + 1>;

constexpr Tables tables() {
  Tables all;
#define NAUDIT_TABLE(kind)                    \
  static_assert(strictly_sorted(kind##Rows)); \
  all[static_cast<std::size_t>(Constants::kind)] = kind##Rows;
#define NAUDIT_ROW(number, name)
#define NAUDIT_END
#include "tables/generated/constants.inc"
#undef NAUDIT_TABLE
#undef NAUDIT_ROW
#undef NAUDIT_END
  return all;
}

constexpr Tables kTables = tables();
static_assert(std::ranges::none_of(kTables, [](auto rows) { return rows.empty(); }), "an enumerator without a table");

bool is_x86(ArchWord arch) noexcept {
  return arch == kArchX86_64 || arch == kArchI386;
}

bool is_ppc(ArchWord arch) noexcept {
  return arch == kArchPpc64le || arch == kArchPpc64 || arch == kArchPpc;
}

Constants ptrace_requests(ArchWord arch) noexcept {
  switch (arch) {
    case kArchAarch64:
      return Constants::kPtraceRequestAarch64;
    case kArchArm:
    case kArchArmeb:
      return Constants::kPtraceRequestArm;
    case kArchPpc64le:
    case kArchPpc64:
    case kArchPpc:
      return Constants::kPtraceRequestPpc;
    case kArchRiscv64:
    case kArchRiscv32:
      return Constants::kPtraceRequestRiscv;
    case kArchS390x:
    case kArchS390:
      return Constants::kPtraceRequestS390;
    default:
      return Constants::kPtraceRequest;
  }
}

// asm/ioctl.h of ppc has three bits for the direction and 13 for the size; all others have two and 14.
std::uint64_t generic_request(std::uint64_t request) noexcept {
  constexpr std::uint64_t kDirection = 0xE0000000, kRead = 0x40000000, kWrite = 0x80000000, kBits = 0xFFFFFFFF;
  if ((request & ~kBits) != 0) return request;
  return (request & ~kDirection) | ((request & kRead) != 0 ? 0x80000000U : 0U) |
         ((request & kWrite) != 0 ? 0x40000000U : 0U);
}

std::span<const NameRow> rows_of(Constants kind, ArchWord arch) noexcept {
  switch (kind) {
    case Constants::kArchPrctl:
      if (!is_x86(arch)) return {};
      break;
    case Constants::kPtraceRequest:
      kind = ptrace_requests(arch);
      break;
    case Constants::kSocketOption:
      if (is_ppc(arch)) kind = Constants::kSocketOptionPpc;
      break;
    default:
      break;
  }
  return kTables[static_cast<std::size_t>(kind)];
}

std::string_view find(std::span<const NameRow> rows, std::uint64_t number) noexcept {
  const auto found = std::ranges::lower_bound(rows, number, {}, &NameRow::number);
  return found == rows.end() || found->number != number ? std::string_view{} : found->name;
}

}  // namespace

std::string_view constant_name(Constants kind, std::uint64_t number, ArchWord arch) noexcept {
  if (kind == Constants::kIoctlRequest && is_ppc(arch)) number = generic_request(number);
  const std::string_view name = find(rows_of(kind, arch), number);
  return name.empty() && kind == Constants::kSocketLevel ? find(rows_of(Constants::kIpProtocol, arch), number) : name;
}

std::span<const NameRow> constant_rows(Constants kind) noexcept {
  return kTables[static_cast<std::size_t>(kind)];
}

std::string_view seccomp_action_name(std::uint32_t code) noexcept {
  switch (code & 0xFFFF0000U) {
    case 0x00000000U:
      return "kill-thread";
    case 0x80000000U:
      return "kill-process";
    case 0x00030000U:
      return "trap";
    case 0x00050000U:
      return "errno";
    case 0x7FC00000U:
      return "user-notify";
    case 0x7FF00000U:
      return "trace";
    case 0x7FFC0000U:
      return "log";
    case 0x7FFF0000U:
      return "allow";
    default:
      return {};
  }
}

}  // namespace naudit::tables
