// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/arguments/mode.hpp"

#include <sys/stat.h>

#include <charconv>

namespace naudit::interpret {
namespace {

std::string_view type_name(std::uint32_t mode) noexcept {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return "file";
    case S_IFDIR:
      return "dir";
    case S_IFLNK:
      return "link";
    case S_IFCHR:
      return "character";
    case S_IFBLK:
      return "block";
    case S_IFIFO:
      return "fifo";
    case S_IFSOCK:
      return "socket";
    default:
      return {};
  }
}

void append_three_digits(std::string& out, std::uint32_t bits) {
  const auto octal = [](std::uint32_t value) { return static_cast<char>('0' + (value & 7U)); };
  const char digits[] = {octal(bits >> 6U), octal(bits >> 3U), octal(bits)};
  out.append(digits, sizeof digits);
}

}  // namespace

void append_mode(std::string& out, std::uint32_t mode) {
  const std::string_view type = type_name(mode);
  if (type.empty())
    append_three_digits(out, (mode & S_IFMT) >> 12U);
  else
    out += type;
  if ((mode & S_ISUID) != 0) out += ",suid";
  if ((mode & S_ISGID) != 0) out += ",sgid";
  if ((mode & S_ISVTX) != 0) out += ",sticky";
  out += ',';
  append_three_digits(out, mode);
}

bool append_mode(std::string& out, std::string_view octal) {
  std::uint32_t mode = 0;
  const char* begin = octal.data();
  const char* end = begin + octal.size();
  const auto [stop, error] = std::from_chars(begin, end, mode, 8);
  if (error != std::errc{} || stop != end) return false;
  append_mode(out, mode);
  return true;
}

}  // namespace naudit::interpret
