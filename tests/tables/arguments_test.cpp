// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tables/arguments.hpp"

#include <algorithm>
#include <string_view>

#include "tables/syscalls.hpp"
#include "tests/support/catch.hpp"

namespace naudit::tables {
namespace {

constexpr ArchWord kArches[] = {kArchX86_64, kArchI386,  kArchAarch64, kArchArm,     kArchPpc64,  kArchPpc64le,
                                kArchPpc,    kArchS390x, kArchS390,    kArchRiscv64, kArchRiscv32};

bool is_all_numbers(const Signature& signature) {
  return std::ranges::all_of(signature, [](const Argument& one) { return one.is == Argument::Is::kNumber; });
}

TEST_CASE("a call has the same arguments by its number as by its name") {
  for (const ArchWord arch : kArches) {
    int known = 0;
    for (std::uint32_t number = 0; number < 512; ++number) {
      const std::string_view name = syscall_name(arch, number);
      if (name.empty()) {
        CHECK(is_all_numbers(syscall_signature(arch, number)));
        continue;
      }
      INFO(arch_name(arch) << ' ' << name);
      const Signature& signature = syscall_signature(arch, number);
      if (!name.starts_with("mmap")) CHECK(&signature == &syscall_signature(name));
      known += is_all_numbers(signature) ? 0 : 1;
    }
    INFO(arch_name(arch));
    CHECK(known > 150);
  }
}

TEST_CASE("mmap takes a block of arguments on some arches, and has none of its own there") {
  const auto mmap_of = [](ArchWord arch) -> const Signature& {
    return syscall_signature(arch, syscall_number(arch, "mmap").value());
  };
  CHECK(is_all_numbers(mmap_of(kArchI386)));
  CHECK(is_all_numbers(mmap_of(kArchS390x)));
  CHECK(is_all_numbers(syscall_signature(kArchS390, syscall_number(kArchS390, "mmap2").value())));
  CHECK_FALSE(is_all_numbers(syscall_signature(kArchI386, syscall_number(kArchI386, "mmap2").value())));
  CHECK_FALSE(is_all_numbers(mmap_of(kArchX86_64)));
  CHECK_FALSE(is_all_numbers(mmap_of(kArchAarch64)));
  CHECK_FALSE(is_all_numbers(mmap_of(kArchPpc)));
}

TEST_CASE("every row of the list is of a call that some arch has") {
  struct Row {
    std::string_view name;
    Signature arguments;
  };
  using C = Constants;
  using F = Flags;
  using S = SpecialArgument;
  constexpr Argument kNo{}, kUid{Argument::Is::kUser}, kGid{Argument::Is::kGroup}, kOldUid{Argument::Is::kOldUser},
      kOldGid{Argument::Is::kOldGroup};
  const auto wide = [](Argument argument) { return argument; };
  const Row rows[] = {
#include "tables/argument_list.inc"
  };
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK_FALSE(is_all_numbers(row.arguments));
    CHECK(std::ranges::any_of(kArches, [&](ArchWord arch) {
      const auto number = syscall_number(arch, row.name);
      return number && syscall_name(arch, *number) == row.name;
    }));
  }
}

TEST_CASE("what is not known has numbers only") {
  CHECK(is_all_numbers(syscall_signature(0x1234, 1)));
  CHECK(is_all_numbers(syscall_signature(kArchX86_64, 0xFFFFFFFF)));
  CHECK(is_all_numbers(syscall_signature("no_such_call")));
  CHECK(is_all_numbers(syscall_signature("")));
  CHECK(is_all_numbers(syscall_signature(kArchX86_64, 0)));  // read
}

}  // namespace
}  // namespace naudit::tables
