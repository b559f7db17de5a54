// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tables/syscalls.hpp"

#include "tables/name_table.hpp"

namespace naudit::tables {
namespace {

constexpr NameRow kX8664Rows[] = {
#include "tables/generated/syscalls_x86_64.inc"
};
constexpr NameRow kI386Rows[] = {
#include "tables/generated/syscalls_i386.inc"
};
constexpr NameRow kAarch64Rows[] = {
#include "tables/generated/syscalls_aarch64.inc"
};
constexpr NameRow kArmRows[] = {
#include "tables/generated/syscalls_arm.inc"
};
constexpr NameRow kPpc64Rows[] = {
#include "tables/generated/syscalls_ppc64.inc"
};
constexpr NameRow kPpcRows[] = {
#include "tables/generated/syscalls_ppc.inc"
};
constexpr NameRow kS390xRows[] = {
#include "tables/generated/syscalls_s390x.inc"
};
constexpr NameRow kS390Rows[] = {
#include "tables/generated/syscalls_s390.inc"
};
constexpr NameRow kRiscv64Rows[] = {
#include "tables/generated/syscalls_riscv64.inc"
};
constexpr NameRow kRiscv32Rows[] = {
#include "tables/generated/syscalls_riscv32.inc"
};
constexpr NameRow kUringRows[] = {
#include "tables/generated/uring_ops.inc"
};

constexpr auto kX8664 = name_table<highest_number(kX8664Rows)>(kX8664Rows);
constexpr auto kI386 = name_table<highest_number(kI386Rows)>(kI386Rows);
constexpr auto kAarch64 = name_table<highest_number(kAarch64Rows)>(kAarch64Rows);
constexpr auto kArm = name_table<highest_number(kArmRows)>(kArmRows);
constexpr auto kPpc64 = name_table<highest_number(kPpc64Rows)>(kPpc64Rows);
constexpr auto kPpc = name_table<highest_number(kPpcRows)>(kPpcRows);
constexpr auto kS390x = name_table<highest_number(kS390xRows)>(kS390xRows);
constexpr auto kS390 = name_table<highest_number(kS390Rows)>(kS390Rows);
constexpr auto kRiscv64 = name_table<highest_number(kRiscv64Rows)>(kRiscv64Rows);
constexpr auto kRiscv32 = name_table<highest_number(kRiscv32Rows)>(kRiscv32Rows);
constexpr auto kUring = name_table<highest_number(kUringRows)>(kUringRows);

Names names_of(ArchWord arch) noexcept {
  switch (arch) {
    case kArchX86_64:
      return kX8664.names();
    case kArchI386:
      return kI386.names();
    case kArchAarch64:
      return kAarch64.names();
    case kArchArm:
    case kArchArmeb:
      return kArm.names();
    case kArchPpc64:
    case kArchPpc64le:
      return kPpc64.names();
    case kArchPpc:
      return kPpc.names();
    case kArchS390x:
      return kS390x.names();
    case kArchS390:
      return kS390.names();
    case kArchRiscv64:
      return kRiscv64.names();
    case kArchRiscv32:
      return kRiscv32.names();
    default:
      return {};
  }
}

}  // namespace

bool has_syscalls(ArchWord arch) noexcept {
  return !names_of(arch).rows().empty();
}

std::string_view syscall_name(ArchWord arch, std::uint32_t number) noexcept {
  return names_of(arch).name(number);
}

std::optional<std::uint32_t> syscall_number(ArchWord arch, std::string_view name) noexcept {
  return names_of(arch).number(name);
}

std::string_view uring_op_name(std::uint32_t op) noexcept {
  return kUring.names().name(op);
}

std::optional<std::uint32_t> uring_op(std::string_view name) noexcept {
  return kUring.names().number(name);
}

}  // namespace naudit::tables
