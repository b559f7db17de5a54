// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tables/arch.hpp"

namespace naudit::tables {
namespace {

struct Machine {
  std::string_view name;
  ArchWord arch;
};

// The first name of an arch is the one to print.
constexpr Machine kMachines[] = {
    {"x86_64", kArchX86_64}, {"i386", kArchI386},       {"i486", kArchI386},       {"i586", kArchI386},
    {"i686", kArchI386},     {"aarch64", kArchAarch64}, {"arm", kArchArm},         {"armv5tejl", kArchArm},
    {"armv5tel", kArchArm},  {"armv6l", kArchArm},      {"armv7l", kArchArm},      {"armv8l", kArchAarch64},
    {"armeb", kArchArm},     {"ppc64le", kArchPpc64le}, {"ppc64", kArchPpc64},     {"ppc", kArchPpc},
    {"s390x", kArchS390x},   {"s390", kArchS390},       {"riscv64", kArchRiscv64}, {"riscv32", kArchRiscv32},
};

}  // namespace

ArchWord native_arch() noexcept {
#if defined(__x86_64__)
  return kArchX86_64;
#elif defined(__i386__)
  return kArchI386;
#elif defined(__aarch64__)
  return kArchAarch64;
#elif defined(__arm__)
  return kArchArm;
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
  return kArchPpc64le;
#elif defined(__powerpc64__)
  return kArchPpc64;
#elif defined(__powerpc__)
  return kArchPpc;
#elif defined(__s390x__)
  return kArchS390x;
#elif defined(__riscv) && __riscv_xlen == 64
  return kArchRiscv64;
#elif defined(__riscv)
  return kArchRiscv32;
#else
#error "no AUDIT_ARCH_* word for this machine yet: add it to tables/arch"
#endif
}

std::string_view arch_name(ArchWord arch) noexcept {
  for (const Machine& machine : kMachines)
    if (machine.arch == arch) return machine.name;
  return {};
}

std::optional<ArchWord> arch_by_name(std::string_view name) noexcept {
  for (const Machine& machine : kMachines)
    if (machine.name == name) return machine.arch;
  return std::nullopt;
}

std::optional<ArchWord> arch_compat(ArchWord arch) noexcept {
  switch (arch) {
    case kArchX86_64:
      return kArchI386;
    case kArchAarch64:
      return kArchArm;
    case kArchPpc64:
      return kArchPpc;
    case kArchS390x:
      return kArchS390;
    case kArchRiscv64:
      return kArchRiscv32;
    default:
      return std::nullopt;
  }
}

}  // namespace naudit::tables
