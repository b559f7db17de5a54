// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/file/writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/text.hpp"

namespace naudit::output {
namespace {

constexpr mode_t kPermissions = 07777;

// Calls again as long as a signal interrupts it.
template <typename Call>
auto uninterrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

std::string_view file_state(int code) noexcept {
  switch (code) {
    case ENOSPC:
      return "disk full";
    case EDQUOT:
      return "disk quota exceeded";
    case EROFS:
      return "read-only file system";
    case EIO:
      return "I/O error";
    case ENOENT:
    case ENOTDIR:
      return "directory is missing";
    case EACCES:
    case EPERM:
      return "permission denied";
    case ELOOP:
      return "symbolic link";
    case EINVAL:
    case EISDIR:
    case ENXIO:
      return "not a regular file";
    default:
      return "cannot write";
  }
}

FileWriter::FileWriter(FileSystem& system, std::string path, mode_t mode, std::uint32_t keep, bool durable)
    : system_(system), path_(std::move(path)), mode_(mode & kPermissions), keep_(keep), durable_(durable) {}

FileProblem FileWriter::problem(std::string_view doing, std::string_view path, int code) const {
  std::string text = "cannot ";
  text.append(doing).append(" ").append(path).append(": ");
  return {code, text + std::generic_category().message(code)};
}

std::string FileWriter::rotated(std::uint32_t number) const {
  return path_ + '.' + std::to_string(number);
}

FileProblem FileWriter::open() {
  close();
  torn_ = false;
  size_ = 0;
  note_ = {};
  if (FileProblem unsafe = judge_folders()) return unsafe;
  struct stat status{};
  FileProblem found = opened(O_CREAT);
  if (!found) found = examine(status);
  if (!found) found = take_in_use(status);
  if (found) close();
  return found;
}

FileProblem FileWriter::look() {
  note_ = {};
  if (FileProblem unsafe = judge_folders()) return unsafe;
  struct stat status{};
  FileProblem found = opened(0);
  if (!found) found = examine(status);
  close();
  if (found.code != ENOENT) return found;
  const std::string folder = folder_of(path_);
  if (system_.lstat(folder.c_str(), &status) != 0) return {errno, "there is no folder " + base::in_quotes(folder)};
  if (system_.access(folder.c_str(), W_OK | X_OK) != 0) return problem("make a file in", folder, errno);
  return {};
}

FileProblem FileWriter::opened(int flags) {
  // O_NONBLOCK: opening a FIFO must not wait for its reader before we can refuse it. O_RDWR: to look at the last byte.
  flags |= O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  fd_ = uninterrupted([&] { return system_.open(path_.c_str(), flags, mode_); });
  if (fd_ >= 0) return {};
  if (errno == ELOOP) return {ELOOP, path_ + " is a symbolic link; name the file itself"};
  if (errno == EISDIR) return {EISDIR, path_ + " is a directory; name a file"};
  return problem("open", path_, errno);
}

// Many systems give /var/log to a group of their own, and this is no reason to write no log: above the folder that the
// file lies in a group that may write is told, and not refused.
FileProblem FileWriter::judge_folders() {
  std::error_code error;
  const std::string whole = std::filesystem::absolute(path_, error).string();
  if (error) return {};
  const std::string folder = whole.substr(0, std::max<std::size_t>(1, whole.rfind('/')));
  const auto look = [this](const std::string& path) { return system_.look_at(path); };
  const auto found = base::find_untrusted(whole, base::PathPart::kParents, ::geteuid(), look);
  if (!found) return {};
  const auto but_for_groups = [&](const std::string& path) {
    auto entry = system_.look_at(path);
    if (entry && path != folder) entry->mode &= ~static_cast<mode_t>(S_IWGRP);
    return entry;
  };
  if (const auto refused = base::find_untrusted(whole, base::PathPart::kParents, ::geteuid(), but_for_groups))
    return {EPERM, refused->text(), "folder is not safe"};
  note_ = {found->text(), true};
  return {};
}

FileProblem FileWriter::examine(struct stat& status) {
  if (system_.fstat(fd_, &status) != 0) return problem("examine", path_, errno);
  if (!S_ISREG(status.st_mode)) return {EINVAL, path_ + " is not a regular file; name one, or a new one"};
  if (status.st_uid != 0 && status.st_uid != ::geteuid())
    return {EPERM,
            path_ + " belongs to user id " + std::to_string(status.st_uid) +
                ", who could change what is written: chown root it, or name another file",
            "file is somebody else's"};
  if (status.st_nlink > 1)
    return {EPERM,
            path_ + " has a second name (a hard link), through which it could be read or changed: remove one of them",
            "file has a second name"};
  return {};
}

FileProblem FileWriter::take_in_use(const struct stat& status) {
  device_ = status.st_dev;
  inode_ = status.st_ino;
  size_ = static_cast<std::uint64_t>(status.st_size);
  // The umask may have taken bits from a new file; an old one may have been left open to others.
  if ((status.st_mode & kPermissions) != mode_ && system_.fchmod(fd_, mode_) != 0)
    note_ = {problem("set the mode of", path_, errno).text, true};
  if (size_ == 0) {
    const FileProblem unsynced = durable_ ? sync_directory() : FileProblem{};
    if (unsynced) note_ = {unsynced.text, true};
    return {};
  }
  char last = '\n';
  if (uninterrupted([&] { return system_.pread(fd_, &last, 1, status.st_size - 1); }) < 0)
    return problem("read the end of", path_, errno);
  torn_ = last != '\n';
  if (torn_ && note_.text.empty())
    note_ = {path_ + " ended in the middle of a line; ended that line and went on after it", false};
  return {};
}

FileProblem FileWriter::write(std::span<const iovec> pieces, std::size_t& written) {
  written = 0;
  if (torn_) {
    char newline = '\n';
    const iovec end{&newline, 1};
    if (uninterrupted([&] { return system_.writev(fd_, &end, 1); }) != 1) return problem("write to", path_, errno);
    torn_ = false;
    ++size_;
  }
  const ssize_t count =
      uninterrupted([&] { return system_.writev(fd_, pieces.data(), static_cast<int>(pieces.size())); });
  if (count < 0) return problem("write to", path_, errno);
  written = static_cast<std::size_t>(count);
  size_ += written;
  return {};
}

FileProblem FileWriter::sync() {
  if (uninterrupted([&] { return system_.fdatasync(fd_); }) == 0) return {};
  return problem("sync", path_, errno);
}

bool FileWriter::cut(std::uint64_t size) {
  struct stat status{};
  if (system_.fstat(fd_, &status) != 0 || static_cast<std::uint64_t>(status.st_size) != size_) return false;
  if (uninterrupted([&] { return system_.ftruncate(fd_, static_cast<off_t>(size)); }) != 0) return false;
  size_ = size;
  return true;
}

bool FileWriter::moved() const {
  struct stat status{};
  // Only an answer counts: a path that cannot be looked at is no reason to leave a file that takes our writes.
  if (system_.lstat(path_.c_str(), &status) != 0) return errno == ENOENT || errno == ENOTDIR;
  return status.st_dev != device_ || status.st_ino != inode_;
}

FileProblem FileWriter::shift() {
  // Up to the first gap only: names beyond it need not move.
  struct stat status{};
  std::uint32_t last = 1;
  while (last < keep_ && system_.lstat(rotated(last).c_str(), &status) == 0) ++last;
  for (std::uint32_t number = last; number > 1; --number) {
    const std::string from = rotated(number - 1);
    if (system_.rename(from.c_str(), rotated(number).c_str()) != 0) return problem("rotate", from, errno);
  }
  if (keep_ == 0) return system_.unlink(path_.c_str()) == 0 ? FileProblem{} : problem("remove", path_, errno);
  if (system_.rename(path_.c_str(), rotated(1).c_str()) != 0) return problem("rotate", path_, errno);
  return {};
}

FileProblem FileWriter::rotate() {
  if (FileProblem kept = shift()) return kept;
  const mode_t read_only = 0400U | (mode_ & 0040U);
  FileProblem survived;
  if (system_.fchmod(fd_, read_only) != 0) survived = problem("protect", rotated(1), errno);
  // A smaller `keep` than last time leaves older files behind.
  std::uint32_t beyond = keep_ + 1;
  while (system_.unlink(rotated(beyond).c_str()) == 0) ++beyond;
  if (durable_) {
    if (FileProblem unsynced = sync_directory()) survived = std::move(unsynced);
  }
  FileProblem opened = open();
  if (!opened && survived) note_ = {survived.text, true};
  return opened;
}

int FileWriter::duplicate() const noexcept {
  return system_.duplicate(fd_);
}

FileProblem FileWriter::sync_directory() {
  const std::string directory = folder_of(path_);
  const int fd = uninterrupted([&] { return system_.open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0); });
  if (fd < 0) return problem("open", directory, errno);
  FileProblem result;
  if (uninterrupted([&] { return system_.fsync(fd); }) != 0) result = problem("sync", directory, errno);
  system_.close(fd);
  return result;
}

void FileWriter::close() noexcept {
  if (fd_ >= 0) system_.close(fd_);
  fd_ = -1;
}

FileWriter::Note FileWriter::take_note() {
  return std::exchange(note_, {});
}

}  // namespace naudit::output
