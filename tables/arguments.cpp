// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tables/arguments.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>

#include "tables/syscalls.hpp"

namespace naudit::tables {
namespace {

struct NamedSignature {
  std::string_view name;
  Signature arguments;
};

using C = Constants;
using F = Flags;
using S = SpecialArgument;
constexpr Argument kNo{}, kUid{Argument::Is::kUser}, kGid{Argument::Is::kGroup}, kOldUid{Argument::Is::kOldUser},
    kOldGid{Argument::Is::kOldGroup};

constexpr Argument wide(Argument argument) {
  argument.only_64_bits = true;
  return argument;
}

constexpr NamedSignature kSignatures[] = {
    {"", {}},  // of every call that is not in the list
#include "tables/argument_list.inc"
};

constexpr bool sorted() {
  for (std::size_t i = 1; i < std::size(kSignatures); ++i)
    if (kSignatures[i - 1].name >= kSignatures[i].name) return false;
  return true;
}
static_assert(sorted(), "argument_list.inc is to be sorted by name, each name once");

std::uint16_t place_of(std::string_view name) noexcept {
  const auto* found = std::ranges::lower_bound(kSignatures, name, {}, &NamedSignature::name);
  return found == std::end(kSignatures) || found->name != name
             ? std::uint16_t{0}
             : static_cast<std::uint16_t>(found - std::begin(kSignatures));
}

constexpr ArchWord kArches[] = {kArchX86_64, kArchI386, kArchAarch64, kArchArm,  kArchArmeb,   kArchPpc64le,
                                kArchPpc64,  kArchPpc,  kArchS390x,   kArchS390, kArchRiscv64, kArchRiscv32};
// Calls of these arches that take one pointer to all their arguments.
bool takes_a_block(ArchWord arch, std::string_view name) noexcept {
  if (arch == kArchS390) return name == "mmap" || name == "mmap2";
  return name == "mmap" && (arch == kArchI386 || arch == kArchArm || arch == kArchArmeb || arch == kArchS390x);
}

constexpr std::size_t kNumbers = 512;  // above the highest number of a call

// For each arch and number the place in kSignatures.
struct Index {
  std::array<std::array<std::uint16_t, kNumbers>, std::size(kArches)> places{};

  Index() noexcept {
    for (std::size_t i = 0; i < std::size(kArches); ++i) {
      for (std::uint32_t number = 0; number < kNumbers; ++number) {
        const std::string_view name = syscall_name(kArches[i], number);
        if (!takes_a_block(kArches[i], name)) places[i][number] = place_of(name);
      }
    }
  }
};

std::size_t arch_index(ArchWord arch) noexcept {
  return static_cast<std::size_t>(std::ranges::find(kArches, arch) - std::begin(kArches));
}

}  // namespace

const Signature& syscall_signature(ArchWord arch, std::uint32_t number) noexcept {
  static const Index kIndex;
  const std::size_t row = arch_index(arch);
  if (row == std::size(kArches) || number >= kNumbers) return kSignatures[0].arguments;
  return kSignatures[kIndex.places[row][number]].arguments;
}

const Signature& syscall_signature(std::string_view name) noexcept {
  return kSignatures[place_of(name)].arguments;
}

}  // namespace naudit::tables
