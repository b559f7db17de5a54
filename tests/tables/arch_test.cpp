// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tables/arch.hpp"

#include <linux/audit.h>

#include "tables/syscalls.hpp"
#include "tests/support/catch.hpp"

namespace naudit::tables {
namespace {

TEST_CASE("arch words are those of the kernel's header") {
  CHECK(kArchX86_64 == AUDIT_ARCH_X86_64);
  CHECK(kArchI386 == AUDIT_ARCH_I386);
  CHECK(kArchAarch64 == AUDIT_ARCH_AARCH64);
  CHECK(kArchArm == AUDIT_ARCH_ARM);
  CHECK(kArchArmeb == AUDIT_ARCH_ARMEB);
  CHECK(kArchPpc64le == AUDIT_ARCH_PPC64LE);
  CHECK(kArchPpc64 == AUDIT_ARCH_PPC64);
  CHECK(kArchPpc == AUDIT_ARCH_PPC);
  CHECK(kArchS390x == AUDIT_ARCH_S390X);
  CHECK(kArchS390 == AUDIT_ARCH_S390);
  CHECK(kArchRiscv64 == AUDIT_ARCH_RISCV64);
  CHECK(kArchRiscv32 == AUDIT_ARCH_RISCV32);
}

TEST_CASE("machine names lead to an arch and back") {
  CHECK(arch_name(kArchX86_64) == "x86_64");
  CHECK(arch_by_name("x86_64") == kArchX86_64);
  for (const char* name : {"i386", "i486", "i586", "i686"}) CHECK(arch_by_name(name) == kArchI386);
  CHECK(arch_name(kArchI386) == "i386");
  for (const char* name : {"arm", "armv6l", "armv7l", "armeb"}) CHECK(arch_by_name(name) == kArchArm);
  CHECK(arch_by_name("armv8l") == kArchAarch64);  // as auditctl takes it
  CHECK(arch_name(kArchArm) == "arm");
  CHECK(arch_by_name("riscv64") == kArchRiscv64);
  CHECK_FALSE(arch_by_name("b64"));
  CHECK_FALSE(arch_by_name(""));
  CHECK(arch_name(0).empty());
}

TEST_CASE("a 64-bit machine knows its 32-bit companion") {
  CHECK(arch_compat(kArchX86_64) == kArchI386);
  CHECK(arch_compat(kArchAarch64) == kArchArm);
  CHECK(arch_compat(kArchS390x) == kArchS390);
  CHECK_FALSE(arch_compat(kArchI386));
  CHECK_FALSE(arch_compat(kArchPpc64le));
}

TEST_CASE("the machine that we run on has a name and a table of calls") {
  CHECK_FALSE(arch_name(native_arch()).empty());
  CHECK(has_syscalls(native_arch()));
}

}  // namespace
}  // namespace naudit::tables
