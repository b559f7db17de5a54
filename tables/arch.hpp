// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace naudit::tables {

// AUDIT_ARCH_* words of linux/audit.h: ELF machine | 0x80000000 (64 bits) | 0x40000000 (little endian).
using ArchWord = std::uint32_t;
// NOLINTNEXTLINE(readability-identifier-naming): the machine's own name has the underscore
inline constexpr ArchWord kArchX86_64 = 0xC000003E;
inline constexpr ArchWord kArchI386 = 0x40000003, kArchAarch64 = 0xC00000B7, kArchArm = 0x40000028, kArchArmeb = 0x28,
                          kArchPpc64le = 0xC0000015, kArchPpc64 = 0x80000015, kArchPpc = 0x14, kArchS390x = 0x80000016,
                          kArchS390 = 0x16, kArchRiscv64 = 0xC00000F3, kArchRiscv32 = 0x400000F3;

ArchWord native_arch() noexcept;
// "x86_64"; empty if unknown. "arm" where audit's tools print "armeb" for a little-endian arm.
std::string_view arch_name(ArchWord arch) noexcept;
// Accepts the machine names that auditctl does (i386..i686, x86_64, aarch64, arm …), not b32 and b64.
std::optional<ArchWord> arch_by_name(std::string_view name) noexcept;
// The 32-bit companion of a 64-bit machine (x86_64 -> i386), if it has one.
std::optional<ArchWord> arch_compat(ArchWord arch) noexcept;

}  // namespace naudit::tables
