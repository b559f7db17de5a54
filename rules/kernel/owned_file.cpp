// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/kernel/owned_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "base/error.hpp"

namespace naudit::rules {
namespace {

[[noreturn]] void fail(const std::string& path, int number) {
  throw base::Error({path, 0, 0}, "the list of our rules cannot be written: " + std::system_category().message(number) +
                                      "; make the directory, or name another one");
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return fsync(fd) == 0;
}

}  // namespace

std::string owned_path(const std::string& state_directory) {
  return state_directory + "/rules.loaded";
}

OwnedRules read_owned(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return {};
  return OwnedRules::parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

void write_owned(const std::string& path, std::span<const Rule> rules, std::uint32_t native_arch) {
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  const std::string beside = path + ".new";
  const int fd = open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) fail(path, errno);
  const bool written = write_all(fd, OwnedRules::text(rules, native_arch));
  const int why = errno;
  close(fd);
  if (!written) fail(path, why);
  if (rename(beside.c_str(), path.c_str()) != 0) fail(path, errno);
}

}  // namespace naudit::rules
