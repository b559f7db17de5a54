// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <linux/fcntl.h>
#include <linux/quota.h>

#include <charconv>

#include "interpret/arguments/special.hpp"

namespace naudit::interpret {

using tables::Constants;
using tables::Flags;

namespace {

// At least two digits.
void append_number(std::string& out, std::uint32_t number) {
  char digits[8];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number, 16);
  if (end - digits < 2) out += '0';
  out.append(digits, end);
}

}  // namespace

Form append_permissions(std::string& out, std::uint32_t mode) {
  if ((mode & 04000U) != 0) out += "suid,";
  if ((mode & 02000U) != 0) out += "sgid,";
  if ((mode & 01000U) != 0) out += "sticky,";
  const auto octal = [mode](unsigned shift) { return static_cast<char>('0' + (mode >> shift & 7U)); };
  const char digits[] = {'0', octal(6), octal(3), octal(0)};
  out.append(digits, sizeof digits);
  return Form::kText;
}

Form append_create_mode(std::string& out, const ArgumentPlace& place) {
  constexpr std::uint32_t kCreate = 0x40, kTemporary = 0x400000;  // the same bits on every arch
  const std::uint32_t flags = place.word_at(place.index - 1);
  return (flags & (kCreate | kTemporary)) != 0 ? append_permissions(out, place.word()) : Form::kNone;
}

Form append_device(std::string& out, const ArgumentPlace& place) {
  // The mode stands before it; of what is no device the kernel does not look at this.
  const std::uint32_t type = place.word_at(place.index - 1) & 0170000U;
  if (type != 0020000U && type != 0060000U) return Form::kNone;
  const std::uint32_t word = place.word();
  append_number(out, word >> 8U & 0xFFFU);
  out += ':';
  append_number(out, (word & 0xFFU) | (word >> 12U & 0xFFF00U));
  return Form::kText;
}

Form append_fcntl(std::string& out, const ArgumentPlace& place) {
  switch (place.word_at(1)) {
    case F_SETFD:
      return append_name(out, place.word() == FD_CLOEXEC ? "FD_CLOEXEC" : "");
    case F_SETFL:
      return append_bits(out, Flags::kOpen, place.word(), place.arch);
    case F_SETSIG:
      return place.word() == 0 ? Form::kNone : append_constant(out, Constants::kSignal, place.word());
    case F_SETLEASE:
      return append_constant(out, Constants::kLockType, place.word());
    case F_NOTIFY:
      return append_bits(out, Flags::kDirectoryNotify, place.word());
    case F_ADD_SEALS:
      return append_bits(out, Flags::kSeals, place.word());
    default:
      return Form::kNone;
  }
}

Form append_quota_command(std::string& out, std::uint32_t command) {
  if (append_constant(out, Constants::kQuotaCommand, command >> SUBCMDSHIFT) == Form::kNone) return Form::kNone;
  const std::string_view type = tables::constant_name(Constants::kQuotaType, command & SUBCMDMASK);
  if (!type.empty()) out += '|';
  out += type;
  return Form::kList;
}

std::optional<NameId> quota_id(std::uint32_t command, std::uint32_t number) {
  constexpr std::uint32_t kXfsGet = 0x5803, kXfsSet = 0x5804, kXfsGetNext = 0x5809;  // linux/dqblk_xfs.h
  switch (command >> SUBCMDSHIFT) {
    case Q_GETQUOTA:
    case Q_SETQUOTA:
    case Q_GETNEXTQUOTA:
    case kXfsGet:
    case kXfsSet:
    case kXfsGetNext:
      break;
    default:
      return std::nullopt;
  }
  switch (command & SUBCMDMASK) {
    case USRQUOTA:
      return NameId{NameId::Kind::kUser, number};
    case GRPQUOTA:
      return NameId{NameId::Kind::kGroup, number};
    default:
      return std::nullopt;
  }
}

}  // namespace naudit::interpret
