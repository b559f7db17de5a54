// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tables/flags.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstddef>

#include "tables/constants.hpp"

namespace naudit::tables {
namespace {

// Each table once as an array, and once as a place in an array of all.
// clang-format off
#define NAUDIT_TABLE(kind) constexpr NameRow kind##Rows[] = {
#define NAUDIT_ROW(number, name) {number, name},
#define NAUDIT_END };
// clang-format on
#include "tables/generated/flags.inc"
#undef NAUDIT_TABLE
#undef NAUDIT_ROW
#undef NAUDIT_END

using Tables = std::array<std::span<const NameRow>, static_cast<std::size_t>(Flags::kXattr) + 1>;

constexpr Tables tables() {
  Tables all;
#define NAUDIT_TABLE(kind)                    \
  static_assert(strictly_sorted(kind##Rows)); \
  all[static_cast<std::size_t>(Flags::kind)] = kind##Rows;
#define NAUDIT_ROW(number, name)
#define NAUDIT_END
#include "tables/generated/flags.inc"
#undef NAUDIT_TABLE
#undef NAUDIT_ROW
#undef NAUDIT_END
  return all;
}

constexpr Tables kTables = tables();
static_assert(std::ranges::none_of(kTables, [](auto rows) { return rows.empty(); }), "an enumerator without a table");

// The tables that differ among the arches.
Flags kind_for(Flags kind, ArchWord arch) noexcept {
  const bool ppc = arch == kArchPpc64le || arch == kArchPpc64 || arch == kArchPpc;
  const bool arm = arch == kArchAarch64 || arch == kArchArm || arch == kArchArmeb;
  const bool x86 = arch == kArchX86_64 || arch == kArchI386;
  switch (kind) {
    case Flags::kDescriptor:
    case Flags::kOpen:
      return ppc ? Flags::kOpenPpc : arm ? Flags::kOpenArm : Flags::kOpen;
    case Flags::kMemoryLockAll:
      return ppc ? Flags::kMemoryLockAllPpc : kind;
    case Flags::kMmap:
      return ppc ? Flags::kMmapPpc : x86 ? Flags::kMmap : Flags::kMmapGeneric;
    case Flags::kProtection:
      return ppc ? Flags::kProtectionPpc : arm ? Flags::kProtectionArm : Flags::kProtection;
    default:
      return kind;
  }
}

// A list of names with one character between them.
class List {
 public:
  List(std::string& out, char between) : out_(out), between_(between) {}

  void add(std::string_view name) {
    if (!empty_) out_ += between_;
    out_ += name;
    empty_ = false;
  }
  // More of the last name.
  void extend(std::string_view text) { out_ += text; }
  void add_number(std::uint64_t number, int base) {
    char digits[20];
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number, base);
    add(base == 16 ? "0x" : "");
    out_.append(digits, end);
  }
  // Takes the bits that have a name and returns the others.
  std::uint64_t add_bits(std::span<const NameRow> rows, std::uint64_t value) {
    for (const NameRow& row : rows) {
      if ((value & row.number) == 0) continue;
      add(row.name);
      value &= ~std::uint64_t{row.number};
    }
    return value;
  }
  // What has no name; alone it is no list.
  void finish(std::uint64_t rest) {
    if (rest != 0 && !empty_) add_number(rest, 16);
  }
  [[nodiscard]] bool empty() const noexcept { return empty_; }

 private:
  std::string& out_;
  char between_;
  bool empty_ = true;
};

// The access mode, of whose four values the last one is odd, and O_RDONLY is no bit.
std::uint64_t add_access_mode(List& list, std::uint64_t value) {
  constexpr std::uint64_t kAccessMode = 3;
  if ((value & kAccessMode) == 0) list.add("O_RDONLY");
  if ((value & 1U) != 0) list.add("O_WRONLY");
  if ((value & 2U) != 0) list.add("O_RDWR");
  return value & ~kAccessMode;
}

std::uint64_t add_sharing(List& list, std::uint64_t value) {
  constexpr std::uint64_t kSharing = 3;  // the kernel's mask has two more bits, which no value of it uses
  constexpr std::string_view kNames[] = {"MAP_FILE", "MAP_SHARED", "MAP_PRIVATE", "MAP_SHARED_VALIDATE"};
  list.add(kNames[value & kSharing]);
  return value & ~kSharing;
}

// Which bit asks for huge pages, and how the names of their sizes begin.
struct HugePages {
  std::uint64_t bit = 0;
  std::string_view prefix;
};

HugePages huge_pages_of(Flags kind) noexcept {
  switch (kind) {
    case Flags::kMemoryDescriptor:
      return {0x4, "MFD_HUGE_"};
    case Flags::kMmap:
      return {0x40000, "MAP_HUGE_"};
    case Flags::kSharedMemory:
      return {0x800, "SHM_HUGE_"};
    default:
      return {};
  }
}

// The size of huge pages, as its logarithm in six bits (asm-generic/hugetlb_encode.h): "MAP_HUGE_2MB".
std::uint64_t add_huge_size(List& list, std::string_view prefix, std::uint64_t value) {
  constexpr unsigned kShift = 26, kMask = 63;
  const auto logarithm = static_cast<unsigned>(value >> kShift) & kMask;
  if (logarithm < 10 || logarithm >= 40) return value;
  constexpr std::string_view kNumbers[] = {"1", "2", "4", "8", "16", "32", "64", "128", "256", "512"};
  constexpr std::string_view kUnits[] = {"KB", "MB", "GB"};
  list.add(prefix);
  list.extend(kNumbers[logarithm % 10]);
  list.extend(kUnits[logarithm / 10 - 1]);
  return value & ~(std::uint64_t{kMask} << kShift);
}

void add_clone(List& list, std::uint64_t value) {
  constexpr std::uint64_t kSignalMask = 0xFF;
  const std::uint64_t rest = list.add_bits(kCloneRows, value & ~kSignalMask);
  const std::uint64_t number = value & kSignalMask;
  const std::string_view signal = number == 0 ? std::string_view{} : constant_name(Constants::kSignal, number);
  if (!signal.empty()) list.add(signal);
  list.finish(signal.empty() ? rest | number : rest);
}

}  // namespace

bool append_named_flags(std::string& out, Flags kind, std::uint64_t value, ArchWord arch) {
  // MS_MGC_VAL, which mount wanted to see in old times.
  constexpr std::uint64_t kMagicMask = 0xFFFF0000, kMagic = 0xC0ED0000;
  List list(out, '|');
  const std::span<const NameRow> rows = kTables[static_cast<std::size_t>(kind_for(kind, arch))];
  switch (kind) {
    case Flags::kAccess:
      if (value == 0) list.add("F_OK");
      break;
    case Flags::kClone:
      add_clone(list, value);
      return !list.empty();
    case Flags::kMmap:
      value = add_sharing(list, value);
      break;
    case Flags::kMount:
      if ((value & kMagicMask) == kMagic) value &= ~kMagicMask;
      break;
    case Flags::kOpen:
      value = add_access_mode(list, value);
      break;
    case Flags::kProtection:
      if (value == 0) list.add("PROT_NONE");
      break;
    default:
      break;
  }
  const HugePages huge = huge_pages_of(kind);
  if ((value & huge.bit) != 0) {
    constexpr std::uint64_t kSize = 0xFC000000;  // one bit of it has a name of its own
    const std::uint64_t rest = list.add_bits(rows, value & ~kSize) | (value & kSize);
    value = add_huge_size(list, huge.prefix, rest);
  }
  list.finish(list.add_bits(rows, value));
  return !list.empty();
}

void append_flags(std::string& out, Flags kind, std::uint64_t value, ArchWord arch) {
  if (!append_named_flags(out, kind, value, arch)) List(out, '|').add_number(value, 16);
}

std::span<const NameRow> flag_rows(Flags kind) noexcept {
  return kind == Flags::kDescriptor ? std::span<const NameRow>{} : kTables[static_cast<std::size_t>(kind)];
}

void append_capabilities(std::string& out, std::uint64_t set) {
  List list(out, ',');
  if (set == 0) list.add("none");
  std::uint64_t unknown = 0;
  for (std::uint64_t rest = set; rest != 0; rest &= rest - 1) {
    const auto number = static_cast<std::uint64_t>(std::countr_zero(rest));
    const std::string_view name = constant_name(Constants::kCapability, number);
    if (name.empty())
      unknown |= std::uint64_t{1} << number;
    else
      list.add(name);
  }
  if (unknown != 0) list.add_number(unknown, 16);
}

void append_permissions(std::string& out, std::uint32_t bits) {
  // In the order that audit prints them.
  constexpr NameRow kPermissions[] = {{4, "read"}, {2, "write"}, {1, "exec"}, {8, "attr"}};
  constexpr std::uint32_t kAll = 15;
  List(out, ',').add_bits(kPermissions, (bits & kAll) == 0 ? kAll : bits & kAll);
}

void append_personality(std::string& out, std::uint64_t value) {
  constexpr std::uint64_t kDomain = 0xFF;
  List list(out, '|');
  const std::string_view domain = constant_name(Constants::kPersonality, value & kDomain);
  if (!domain.empty()) list.add(domain);
  const std::uint64_t rest = list.add_bits(kPersonalityRows, value & ~kDomain);
  list.finish(domain.empty() ? rest | (value & kDomain) : rest);
}

}  // namespace naudit::tables
