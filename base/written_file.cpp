// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "base/written_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/descriptor.hpp"
#include "base/error.hpp"

namespace naudit::base {
namespace {

[[noreturn]] void fail(const std::string& path, int number) {
  throw Error({path, 0, 0}, "cannot be written: " + std::generic_category().message(number));
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

WrittenFile::WrittenFile(const std::string& path, std::string_view text, unsigned mode)
    : path_(path), target_(behind_links(path)) {
  // A rename would fail, when others are in their places already.
  if (std::error_code ignored; std::filesystem::is_directory(target_, ignored)) fail(path_, EISDIR);
  std::string beside = target_ + ".XXXXXX";
  const Descriptor file(mkostemp(beside.data(), O_CLOEXEC));
  if (!file) fail(path_, errno);
  if (!write_all(file.get(), text) || fchmod(file.get(), mode) != 0 || fsync(file.get()) != 0) {
    const int why = errno;
    unlink(beside.c_str());
    fail(path_, why);
  }
  beside_ = std::move(beside);
}

WrittenFile::WrittenFile(WrittenFile&& other) noexcept
    : path_(std::move(other.path_)),
      target_(std::move(other.target_)),
      beside_(std::exchange(other.beside_, std::string())) {}

WrittenFile::~WrittenFile() {
  if (!beside_.empty()) unlink(beside_.c_str());
}

void WrittenFile::put_in_place() {
  if (rename(beside_.c_str(), target_.c_str()) != 0) fail(path_, errno);
  beside_.clear();
}

void write_file(const std::string& path, std::string_view text, unsigned mode) {
  WrittenFile(path, text, mode).put_in_place();
}

}  // namespace naudit::base
