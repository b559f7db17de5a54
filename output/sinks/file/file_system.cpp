// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/file/file_system.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <ctime>
#include <memory>
#include <string_view>

#include "output/sinks/file/options.hpp"

namespace naudit::output {

int FileSystem::open(const char* path, int flags, mode_t mode) {
  return ::open(path, flags, mode);
}
int FileSystem::close(int fd) {
  return ::close(fd);
}
int FileSystem::duplicate(int fd) {
  return ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
}
int FileSystem::lock(int fd) {
  return ::flock(fd, LOCK_EX | LOCK_NB);
}
int FileSystem::fstat(int fd, struct stat* status) {
  return ::fstat(fd, status);
}
int FileSystem::lstat(const char* path, struct stat* status) {
  return ::lstat(path, status);
}
int FileSystem::access(const char* path, int mode) {
  return ::faccessat(AT_FDCWD, path, mode, AT_EACCESS);
}
ssize_t FileSystem::pread(int fd, void* buffer, size_t size, off_t offset) {
  return ::pread(fd, buffer, size, offset);
}
ssize_t FileSystem::writev(int fd, const iovec* pieces, int count) {
  return ::writev(fd, pieces, count);
}
int FileSystem::ftruncate(int fd, off_t size) {
  return ::ftruncate(fd, size);
}
int FileSystem::fdatasync(int fd) {
  return ::fdatasync(fd);
}
int FileSystem::fsync(int fd) {
  return ::fsync(fd);
}
int FileSystem::fchmod(int fd, mode_t mode) {
  return ::fchmod(fd, mode);
}
int FileSystem::fchgrp(int fd, gid_t group) {
  return ::fchown(fd, static_cast<uid_t>(-1), group);
}
ssize_t FileSystem::get_attribute(int fd, const char* name, void* value, size_t size) {
  return ::fgetxattr(fd, name, value, size);
}
int FileSystem::set_attribute(int fd, const char* name, const void* value, size_t size) {
  return ::fsetxattr(fd, name, value, size, 0);
}
int FileSystem::set_modified(int fd, timespec modified) {
  const timespec times[] = {{0, UTIME_OMIT}, modified};
  return ::futimens(fd, static_cast<const timespec*>(times));
}
std::optional<gid_t> FileSystem::group_id(const std::string& group) {
  return group_of(group);
}
std::optional<uid_t> FileSystem::user_id(const std::string& user) {
  return user_of(user);
}
int FileSystem::fstatvfs(int fd, struct statvfs* status) {
  return ::fstatvfs(fd, status);
}
int FileSystem::rename(const char* from, const char* to) {
  return ::rename(from, to);
}
int FileSystem::rename_new(const char* from, const char* to) {
  if (rename_exclusively(from, to) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return -1;
  struct stat status{};
  if (lstat(to, &status) == 0) {
    errno = EEXIST;
    return -1;
  }
  return errno == ENOENT ? rename(from, to) : -1;
}
int FileSystem::rename_exclusively(const char* from, const char* to) {
  return ::renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
}
int FileSystem::unlink(const char* path) {
  return ::unlink(path);
}
int FileSystem::make_folder(const char* path, mode_t mode) {
  return ::mkdir(path, mode);
}

int FileSystem::names_in(const std::string& folder, std::vector<std::string>& names) {
  const auto close = [](DIR* opened) { ::closedir(opened); };
  const std::unique_ptr<DIR, decltype(close)> directory(::opendir(folder.c_str()), close);
  if (!directory) return errno;
  for (;;) {
    errno = 0;
    const dirent* const entry = ::readdir(directory.get());  // NOLINT(concurrency-mt-unsafe): a stream of its own
    if (entry == nullptr) return errno;
    const std::string_view name(static_cast<const char*>(entry->d_name));
    if (name != "." && name != "..") names.emplace_back(name);
  }
}

std::chrono::sys_seconds FileSystem::now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}
std::chrono::seconds FileSystem::utc_offset(std::chrono::sys_seconds at) {
  const std::time_t time = std::chrono::system_clock::to_time_t(at);
  std::tm local{};
  return std::chrono::seconds(::localtime_r(&time, &local) == nullptr ? 0 : local.tm_gmtoff);
}

std::optional<base::PathEntry> FileSystem::look_at(const std::string& path) {
  return base::look_at_path(path);
}

FileSystem& real_file_system() {
  static FileSystem real;
  return real;
}

}  // namespace naudit::output
