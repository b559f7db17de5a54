// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "base/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "base/trusted_path.hpp"

namespace naudit::base {
namespace {

[[noreturn]] void fail(const std::string& path, const std::string& message) {
  throw Error(Place{path}, message);
}

std::string reason(int error) {
  return std::generic_category().message(error);
}

void check_safe(const std::string& path, const struct stat& file) {
  if (file.st_uid != 0 && file.st_uid != ::geteuid()) {
    fail(path, "belongs to user id " + std::to_string(file.st_uid) +
                   ", who could change what nauditd does; it has to belong to root: chown root " + in_quotes(path));
  }
  if ((file.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    const char* who = (file.st_mode & S_IWOTH) != 0 ? "everybody" : "its group";
    fail(path, std::string("can be written by ") + who + "; only its owner may: chmod go-w " + in_quotes(path));
  }
}

}  // namespace

std::string read_file(const std::string& path, bool check_permissions) {
  // O_NONBLOCK: opening a FIFO must not hang.
  const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!descriptor) fail(path, "cannot be opened: " + reason(errno));
  struct stat file{};
  if (::fstat(descriptor.get(), &file) != 0) fail(path, "cannot be examined: " + reason(errno));
  if (S_ISDIR(file.st_mode)) fail(path, "is a directory; a file is needed here");
  if (!S_ISREG(file.st_mode)) fail(path, "is not a regular file");
  if (check_permissions) {
    check_safe(path, file);
    if (const auto found = find_untrusted(path, PathPart::kWhole)) fail(path, "is not safe: " + found->text());
  }

  std::string text;
  std::string piece(std::size_t{64} << 10U, '\0');
  while (true) {
    const ssize_t count = ::read(descriptor.get(), piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(path, "cannot be read: " + reason(errno));
    if (count == 0) return text;
    text.append(piece, 0, static_cast<std::size_t>(count));
    if (text.size() > kMostFileBytes)
      fail(path, "has more than 4 MiB, which no configuration needs; is it the right file?");
  }
}

}  // namespace naudit::base
