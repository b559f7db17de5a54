// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tables/flags.hpp"

#include <bit>
#include <charconv>
#include <span>

#include "tables/constants.hpp"
#include "tables/name_table.hpp"

namespace naudit::tables {
namespace {

constexpr NameRow kAccessFlags[] = {{1, "X_OK"}, {2, "W_OK"}, {4, "R_OK"}};
constexpr NameRow kCloneFlags[] = {
#include "tables/generated/clone_flags.inc"
};
constexpr NameRow kMessageFlags[] = {
#include "tables/generated/message_flags.inc"
};
constexpr NameRow kMmapFlags[] = {
#include "tables/generated/mmap_flags.inc"
};
constexpr NameRow kMountFlags[] = {
#include "tables/generated/mount_flags.inc"
};
constexpr NameRow kOpenFlags[] = {
#include "tables/generated/open_flags.inc"
};
constexpr NameRow kOpenFlagsArm[] = {
#include "tables/generated/open_flags_arm.inc"
};
constexpr NameRow kOpenFlagsPpc[] = {
#include "tables/generated/open_flags_ppc.inc"
};
constexpr NameRow kProtectionFlags[] = {
#include "tables/generated/protection_flags.inc"
};
constexpr NameRow kResolveFlags[] = {
#include "tables/generated/resolve_flags.inc"
};
// umount(2); include/linux/fs.h, which is not exported
constexpr NameRow kUmountFlags[] = {
    {1, "MNT_FORCE"}, {2, "MNT_DETACH"}, {4, "MNT_EXPIRE"}, {8, "UMOUNT_NOFOLLOW"}, {0x80000000, "UMOUNT_UNUSED"}};

std::span<const NameRow> open_flags(ArchWord arch) noexcept {
  switch (arch) {
    case kArchAarch64:
    case kArchArm:
    case kArchArmeb:
      return kOpenFlagsArm;
    case kArchPpc64le:
    case kArchPpc64:
    case kArchPpc:
      return kOpenFlagsPpc;
    default:
      return kOpenFlags;
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

void append_open(List& list, std::uint64_t value, ArchWord arch) {
  constexpr std::uint64_t kAccessMode = 3;
  if ((value & kAccessMode) == 0) list.add("O_RDONLY");
  if ((value & 1U) != 0) list.add("O_WRONLY");
  if ((value & 2U) != 0) list.add("O_RDWR");
  list.finish(list.add_bits(open_flags(arch), value & ~kAccessMode));
}

void append_mmap(List& list, std::uint64_t value) {
  constexpr std::uint64_t kSharing = 3;  // the kernel's mask has two more bits, which no value of it uses
  switch (value & kSharing) {
    case 0:
      list.add("MAP_FILE");
      break;
    case 1:
      list.add("MAP_SHARED");
      break;
    case 2:
      list.add("MAP_PRIVATE");
      break;
    default:
      list.add("MAP_SHARED_VALIDATE");
  }
  list.finish(list.add_bits(kMmapFlags, value & ~kSharing));
}

void append_clone(List& list, std::uint64_t value) {
  constexpr std::uint64_t kSignalMask = 0xFF;
  const std::uint64_t rest = list.add_bits(kCloneFlags, value & ~kSignalMask);
  const std::uint64_t number = value & kSignalMask;
  const std::string_view signal = number == 0 ? std::string_view{} : constant_name(Constants::kSignal, number);
  if (!signal.empty()) list.add(signal);
  list.finish(signal.empty() ? rest | number : rest);
}

}  // namespace

bool append_named_flags(std::string& out, Flags kind, std::uint64_t value, ArchWord arch) {
  List list(out, '|');
  switch (kind) {
    case Flags::kAccess:
      if (value == 0) {
        list.add("F_OK");
      } else {
        list.finish(list.add_bits(kAccessFlags, value));
      }
      break;
    case Flags::kClone:
      append_clone(list, value);
      break;
    case Flags::kMessage:
      list.finish(list.add_bits(kMessageFlags, value));
      break;
    case Flags::kMmap:
      append_mmap(list, value);
      break;
    case Flags::kMount:
      list.finish(list.add_bits(kMountFlags, value));
      break;
    case Flags::kOpen:
      append_open(list, value, arch);
      break;
    case Flags::kProtection:
      if (value == 0) {
        list.add("PROT_NONE");
      } else {
        list.finish(list.add_bits(kProtectionFlags, value));
      }
      break;
    case Flags::kResolve:
      list.finish(list.add_bits(kResolveFlags, value));
      break;
    case Flags::kUmount:
      list.finish(list.add_bits(kUmountFlags, value));
      break;
  }
  return !list.empty();
}

void append_flags(std::string& out, Flags kind, std::uint64_t value, ArchWord arch) {
  if (!append_named_flags(out, kind, value, arch)) List(out, '|').add_number(value, 16);
}

void append_capabilities(std::string& out, std::uint64_t set) {
  List list(out, ',');
  if (set == 0) list.add("none");
  for (std::uint64_t rest = set; rest != 0; rest &= rest - 1) {
    const auto number = static_cast<std::uint64_t>(std::countr_zero(rest));
    const std::string_view name = constant_name(Constants::kCapability, number);
    if (name.empty()) {
      list.add_number(number, 10);
    } else {
      list.add(name);
    }
  }
}

}  // namespace naudit::tables
