// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "stored/log_tail.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "stored/decompressor.hpp"
#include "stored/input_file.hpp"

namespace naudit::stored {
namespace {

constexpr std::size_t kRoom = std::size_t{256} << 10U;

// From there on, independent of where others have read to.
base::Descriptor own_at(const std::string& path, const base::Descriptor& file, off_t offset) {
  base::Descriptor own(::fcntl(file.get(), F_DUPFD_CLOEXEC, 0));
  if (!own || ::lseek(own.get(), offset, SEEK_SET) < 0)
    throw base::Error("cannot read '" + base::shown(path) + "': " + std::generic_category().message(errno));
  return own;
}

}  // namespace

bool is_compressed(const base::Descriptor& file) {
  std::array<char, kMagicSize> first{};
  const ssize_t got = ::pread(file.get(), first.data(), first.size(), 0);
  return got > 0 && make_decompressor({first.data(), static_cast<std::size_t>(got)}) != nullptr;
}

LogTail read_tail(const std::string& path, const base::Descriptor& file, std::size_t most) {
  const bool is_packed = is_compressed(file);
  off_t start = 0;
  struct stat info{};
  if (!is_packed && ::fstat(file.get(), &info) == 0)
    start = std::max<off_t>(0, info.st_size - static_cast<off_t>(most));
  LogTail tail{.text = {}, .is_cut = start > 0};
  InputFile input(path, own_at(path, file, start), is_packed ? InputFile::Form::kAny : InputFile::Form::kPlain);
  std::vector<char> room(kRoom);
  for (std::size_t got = 0; (got = input.read(room)) > 0;) {
    tail.text.append(room.data(), got);
    if (tail.text.size() < 2 * most + kRoom) continue;
    tail.text.erase(0, tail.text.size() - most);
    tail.is_cut = true;
  }
  if (tail.text.size() > most) {
    tail.text.erase(0, tail.text.size() - most);
    tail.is_cut = true;
  }
  return tail;
}

}  // namespace naudit::stored
