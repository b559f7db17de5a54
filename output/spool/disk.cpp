// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/spool/disk.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace naudit::output {

int Disk::open(const std::string& path, int flags, mode_t mode) {
  return ::open(path.c_str(), flags, mode);
}
int Disk::close(int fd) {
  return ::close(fd);
}
ssize_t Disk::pread(int fd, void* buffer, std::size_t size, std::uint64_t offset) {
  return ::pread(fd, buffer, size, static_cast<off_t>(offset));
}
ssize_t Disk::pwrite(int fd, const void* bytes, std::size_t size, std::uint64_t offset) {
  return ::pwrite(fd, bytes, size, static_cast<off_t>(offset));
}
int Disk::ftruncate(int fd, std::uint64_t size) {
  return ::ftruncate(fd, static_cast<off_t>(size));
}
int Disk::fdatasync(int fd) {
  return ::fdatasync(fd);
}
int Disk::fsync(int fd) {
  return ::fsync(fd);
}
int Disk::fstat(int fd, struct stat* status) {
  return ::fstat(fd, status);
}
int Disk::lock(int fd) {
  return ::flock(fd, LOCK_EX | LOCK_NB);
}
int Disk::mkdir(const std::string& path, mode_t mode) {
  return ::mkdir(path.c_str(), mode);
}
int Disk::rename(const std::string& from, const std::string& to) {
  return ::rename(from.c_str(), to.c_str());
}
int Disk::unlink(const std::string& path) {
  return ::unlink(path.c_str());
}

int Disk::list(const std::string& folder, std::vector<std::string>& names) {
  DIR* const open = ::opendir(folder.c_str());
  if (open == nullptr) return -1;
  names.clear();
  errno = 0;
  while (const dirent* const entry = ::readdir(open)) names.emplace_back(entry->d_name);
  const int code = errno;
  ::closedir(open);
  errno = code;
  return code == 0 ? 0 : -1;
}

int Disk::space(const std::string& folder, Space& out) {
  struct statvfs found{};
  if (::statvfs(folder.c_str(), &found) != 0) return -1;
  out = {static_cast<std::uint64_t>(found.f_blocks) * found.f_frsize,
         static_cast<std::uint64_t>(found.f_bavail) * found.f_frsize};
  return 0;
}

Disk& real_disk() {
  static Disk real;
  return real;
}

bool read_all(Disk& disk, int fd, char* buffer, std::size_t size, std::uint64_t offset) {
  while (size > 0) {
    const ssize_t got = disk.pread(fd, buffer, size, offset);
    if (got < 0 && errno == EINTR) continue;
    if (got == 0) errno = EIO;
    if (got <= 0) return false;
    buffer += got;
    size -= static_cast<std::size_t>(got);
    offset += static_cast<std::uint64_t>(got);
  }
  return true;
}

bool write_all(Disk& disk, int fd, const char* bytes, std::size_t size, std::uint64_t offset) {
  while (size > 0) {
    const ssize_t put = disk.pwrite(fd, bytes, size, offset);
    if (put < 0 && errno == EINTR) continue;
    if (put == 0) errno = EIO;
    if (put <= 0) return false;
    bytes += put;
    size -= static_cast<std::size_t>(put);
    offset += static_cast<std::uint64_t>(put);
  }
  return true;
}

}  // namespace naudit::output
