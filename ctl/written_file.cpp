// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/written_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "config/error.hpp"

namespace naudit::ctl {
namespace {

[[noreturn]] void fail(const std::string& path, int number) {
  throw config::Error({path, 0, 0}, "cannot be written: " + std::generic_category().message(number));
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::string behind_links(const std::string& path) {
  std::error_code error;
  const auto real = std::filesystem::canonical(path, error);
  return error ? path : real.string();
}

}  // namespace

void write_file(const std::string& path, std::string_view text, unsigned mode) {
  const std::string target = behind_links(path);
  std::string beside = target + ".XXXXXX";
  const int fd = mkostemp(beside.data(), O_CLOEXEC);
  if (fd < 0) fail(path, errno);
  const bool written = write_all(fd, text) && fchmod(fd, mode) == 0 && fsync(fd) == 0;
  int why = written ? 0 : errno;
  close(fd);
  if (written && rename(beside.c_str(), target.c_str()) != 0) why = errno;
  if (why == 0) return;
  unlink(beside.c_str());
  fail(path, why);
}

}  // namespace naudit::ctl
