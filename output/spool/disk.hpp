// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace naudit::output {

// The system calls of the spool, so that a test can make each of them fail. -1 and errno on failure. Thread-safe, as
// the system calls are; never owned by its users.
class Disk {
 public:
  struct Space {
    std::uint64_t total = 0, free = 0;  // bytes; free for us
  };

  Disk() = default;
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;
  virtual ~Disk() = default;

  virtual int open(const std::string& path, int flags, mode_t mode);
  virtual int close(int fd);
  virtual ssize_t pread(int fd, void* buffer, std::size_t size, std::uint64_t offset);
  virtual ssize_t pwrite(int fd, const void* bytes, std::size_t size, std::uint64_t offset);
  virtual int ftruncate(int fd, std::uint64_t size);
  virtual int fdatasync(int fd);
  virtual int fsync(int fd);
  virtual int fstat(int fd, struct stat* status);
  virtual int lock(int fd);  // flock: exclusive, without waiting
  virtual int mkdir(const std::string& path, mode_t mode);
  virtual int rename(const std::string& from, const std::string& to);
  virtual int unlink(const std::string& path);
  virtual int list(const std::string& folder, std::vector<std::string>& names);
  virtual int space(const std::string& folder, Space& out);
};

// The kernel's; lives as long as the process.
Disk& real_disk();

// All of it, however many calls that takes; false and errno if not. A file that is shorter is EIO.
bool read_all(Disk& disk, int fd, char* buffer, std::size_t size, std::uint64_t offset);
bool write_all(Disk& disk, int fd, const char* bytes, std::size_t size, std::uint64_t offset);

}  // namespace naudit::output
