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

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/trusted_path.hpp"

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

std::string fault_of(const std::string& path, const struct stat& file) {
  if (!S_ISREG(file.st_mode)) return in_quotes(path) + " is no regular file: remove it";
  if (file.st_uid != 0 && file.st_uid != ::geteuid())
    return in_quotes(path) + " belongs to user id " + std::to_string(file.st_uid) + ", who could change it: remove it";
  if (file.st_nlink > 1)
    return in_quotes(path) + " has a second name (a hard link), through which it could be read or changed: remove it";
  if ((file.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return in_quotes(path) + " can be written by others than its owner: chmod go-w " + in_quotes(path);
  return {};
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

OwnFile open_own_file(const std::string& path, OwnUse use) {
  const bool writes = use == OwnUse::kWrite;
  if (writes) make_own_folder(std::filesystem::path(path).parent_path().string());
  if (const auto unsafe = find_untrusted(path, PathPart::kParents)) return {{}, unsafe->text()};
  // O_NONBLOCK: opening a FIFO must not hang.
  const int flags = (writes ? O_WRONLY | O_CREAT : O_RDONLY) | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  Descriptor file(::open(path.c_str(), flags, 0600));
  struct stat status{};
  if (!file || ::fstat(file.get(), &status) != 0) {
    if (errno == ELOOP) return {{}, in_quotes(path) + " is a symbolic link: remove it"};
    if ((errno == ENOENT || errno == ENOTDIR) && !writes) return {};
    return {{}, in_quotes(path) + " cannot be opened: " + std::generic_category().message(errno)};
  }
  std::string fault = fault_of(path, status);
  if (!fault.empty()) return {{}, std::move(fault)};
  return {std::move(file), {}};
}

void make_own_folder(const std::string& path) noexcept {
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  static_cast<void>(::mkdir(path.c_str(), 0700));
}

}  // namespace naudit::base
