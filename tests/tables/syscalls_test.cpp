// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tables/syscalls.hpp"

#include <string>

#include "tables/arch.hpp"
#include "tests/support/catch.hpp"

namespace naudit::tables {
namespace {

constexpr ArchWord kAll[] = {kArchX86_64, kArchI386,  kArchAarch64, kArchArm,     kArchPpc64,  kArchPpc64le,
                             kArchPpc,    kArchS390x, kArchS390,    kArchRiscv64, kArchRiscv32};

TEST_CASE("every system call that has a number has a name that leads back to it") {
  for (const ArchWord arch : kAll) {
    INFO(arch_name(arch));
    CHECK(has_syscalls(arch));
    int known = 0;
    for (std::uint32_t number = 0; number < 1000; ++number) {
      const std::string_view name = syscall_name(arch, number);
      if (name.empty()) continue;
      ++known;
      INFO(number << ' ' << name);
      CHECK(syscall_number(arch, name) == number);
    }
    CHECK(known > 300);
    CHECK(known < 500);
  }
}

TEST_CASE("well-known system calls have the numbers of their arch") {
  CHECK(syscall_name(kArchX86_64, 257) == "openat");
  CHECK(syscall_name(kArchX86_64, 59) == "execve");
  CHECK(syscall_name(kArchX86_64, 0) == "read");
  CHECK(syscall_name(kArchX86_64, 335) == "uretprobe");
  CHECK(syscall_name(kArchI386, 11) == "execve");
  CHECK(syscall_name(kArchI386, 295) == "openat");
  CHECK(syscall_name(kArchI386, 102) == "socketcall");
  CHECK(syscall_name(kArchAarch64, 56) == "openat");
  CHECK(syscall_name(kArchAarch64, 221) == "execve");
  CHECK(syscall_name(kArchArm, 322) == "openat");
  CHECK(syscall_name(kArchArm, 13) == "time");
  CHECK(syscall_name(kArchS390x, 11) == "execve");
  CHECK(syscall_name(kArchPpc64le, 286) == "openat");
  CHECK(syscall_name(kArchRiscv64, 259) == "riscv_flush_icache");
  CHECK(syscall_name(kArchRiscv32, 403) == "clock_gettime64");
  CHECK_FALSE(syscall_number(kArchX86_64, "stime"));
  CHECK(syscall_number(kArchI386, "stime") == 25U);
}

TEST_CASE("calls that came after the headers are known by number on every arch") {
  constexpr std::string_view kLater[] = {
      "cachestat",    "fchmodat2",  "map_shadow_stack",  "futex_wake",        "futex_wait",       "futex_requeue",
      "statmount",    "listmount",  "lsm_get_self_attr", "lsm_set_self_attr", "lsm_list_modules", "mseal",
      "setxattrat",   "getxattrat", "listxattrat",       "removexattrat",     "open_tree_attr",   "file_getattr",
      "file_setattr", "listns",     "rseq_slice_yield"};
  for (const ArchWord arch : kAll)
    for (std::uint32_t i = 0; i < std::size(kLater); ++i) CHECK(syscall_name(arch, 451 + i) == kLater[i]);
}

TEST_CASE("no table is shorter than that of audit 4.2") {
  const auto names = [](ArchWord arch) {
    int count = 0;
    for (std::uint32_t number = 0; number < 1000; ++number) count += syscall_name(arch, number).empty() ? 0 : 1;
    return count;
  };
  CHECK(names(kArchI386) >= 461);  // audit has one number twice
  CHECK(names(kArchX86_64) >= 383);
  CHECK(names(kArchArm) >= 436);
  CHECK(names(kArchAarch64) >= 327);
  CHECK(names(kArchPpc) >= 452);
  CHECK(names(kArchS390) >= 442);
  CHECK(names(kArchS390x) >= 390);
  CHECK(names(kArchRiscv32) >= 318);
  CHECK(names(kArchRiscv64) >= 328);
}

TEST_CASE("audit's spelling is printed and the kernel's is read") {
  CHECK(syscall_name(kArchX86_64, 17) == "pread");
  CHECK(syscall_number(kArchX86_64, "pread") == 17U);
  CHECK(syscall_number(kArchX86_64, "pread64") == 17U);
  CHECK(syscall_name(kArchI386, 283) == "kexec_load");
  CHECK(syscall_number(kArchI386, "sys_kexec_load") == 283U);
  CHECK(syscall_name(kArchAarch64, 80) == "newfstat");
  CHECK(syscall_number(kArchAarch64, "fstat") == 80U);
}

TEST_CASE("unknown arches, numbers and names have no system call") {
  CHECK_FALSE(has_syscalls(0x1234));
  CHECK(syscall_name(0x1234, 1).empty());
  CHECK_FALSE(syscall_number(0x1234, "read"));
  CHECK(syscall_name(kArchX86_64, 400).empty());
  CHECK(syscall_name(kArchX86_64, 472).empty());
  CHECK(syscall_name(kArchX86_64, 0xFFFFFFFF).empty());
  CHECK_FALSE(syscall_number(kArchX86_64, ""));
  CHECK_FALSE(syscall_number(kArchX86_64, "rea"));
  CHECK_FALSE(syscall_number(kArchX86_64, "READ"));
}

TEST_CASE("io_uring operations have names and numbers") {
  CHECK(uring_op_name(0) == "nop");
  CHECK(uring_op_name(18) == "openat");
  CHECK(uring_op_name(46) == "uring_cmd");
  CHECK(uring_op_name(56) == "bind");
  CHECK(uring_op_name(1000).empty());
  CHECK(uring_op("openat2") == 28U);
  CHECK_FALSE(uring_op("last"));
  for (std::uint32_t op = 0; !uring_op_name(op).empty(); ++op) CHECK(uring_op(uring_op_name(op)) == op);
}

}  // namespace
}  // namespace naudit::tables
