// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <fcntl.h>
#include <sys/stat.h>

#include "interpret/argument_special.hpp"

namespace naudit::interpret {

Form append_permissions(std::string& out, std::uint32_t mode) {
  if ((mode & S_ISUID) != 0) out += "suid,";
  if ((mode & S_ISGID) != 0) out += "sgid,";
  if ((mode & S_ISVTX) != 0) out += "sticky,";
  const auto octal = [mode](unsigned shift) { return static_cast<char>('0' + (mode >> shift & 7U)); };
  const char digits[] = {'0', octal(6), octal(3), octal(0)};
  out.append(digits, sizeof digits);
  return Form::kText;
}

Form append_create_mode(std::string& out, const ArgumentPlace& place) {
  // The same bits on every arch.
  constexpr std::uint32_t kCreate = 0x40, kTemporary = 0x400000;
  const std::uint32_t flags = place.word_at(place.index - 1);
  return (flags & (kCreate | kTemporary)) != 0 ? append_permissions(out, place.word()) : Form::kNone;
}

Form append_fcntl_argument(std::string& out, const ArgumentPlace& place) {
  switch (place.word_at(1)) {
    case F_SETFD:
      return append_name(out, place.word() == FD_CLOEXEC ? "FD_CLOEXEC" : "");
    case F_SETFL:
      return append_bits(out, tables::Flags::kOpen, place.word(), place.arch);
    default:
      return Form::kNone;
  }
}

}  // namespace naudit::interpret
