// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/file/file_system.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

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
int FileSystem::rename(const char* from, const char* to) {
  return ::rename(from, to);
}
int FileSystem::unlink(const char* path) {
  return ::unlink(path);
}

std::optional<base::PathEntry> FileSystem::look_at(const std::string& path) {
  return base::look_at_path(path);
}

FileSystem& real_file_system() {
  static FileSystem real;
  return real;
}

}  // namespace naudit::output
