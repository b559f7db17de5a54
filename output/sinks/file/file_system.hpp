// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>
#include <sys/uio.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/trusted_path.hpp"

namespace naudit::output {

// The system calls of the file sink, so that a test can make each of them fail. They mean what their names mean in
// section 2 of the manual: -1 and errno on failure. Thread-safe, as the system calls are; never owned by its users.
class FileSystem {
 public:
  FileSystem() = default;
  FileSystem(const FileSystem&) = delete;
  FileSystem& operator=(const FileSystem&) = delete;
  virtual ~FileSystem() = default;

  virtual int open(const char* path, int flags, mode_t mode);
  virtual int close(int fd);
  virtual int duplicate(int fd);  // fcntl with F_DUPFD_CLOEXEC
  virtual int lock(int fd);       // flock with LOCK_EX and LOCK_NB
  virtual int fstat(int fd, struct stat* status);
  virtual int lstat(const char* path, struct stat* status);
  virtual int access(const char* path, int mode);  // for our effective ids
  virtual ssize_t pread(int fd, void* buffer, size_t size, off_t offset);
  virtual ssize_t writev(int fd, const iovec* pieces, int count);
  virtual int ftruncate(int fd, off_t size);
  virtual int fdatasync(int fd);
  virtual int fsync(int fd);
  virtual int fchmod(int fd, mode_t mode);
  virtual int fchgrp(int fd, gid_t group);                                              // fchown
  virtual ssize_t get_attribute(int fd, const char* name, void* value, size_t size);    // fgetxattr
  virtual int set_attribute(int fd, const char* name, const void* value, size_t size);  // fsetxattr
  virtual int set_modified(int fd, timespec modified);                                  // futimens
  virtual std::optional<gid_t> group_id(const std::string& group);  // no errno; may block on a name service
  virtual std::optional<uid_t> user_id(const std::string& user);    // the same
  virtual int fstatvfs(int fd, struct statvfs* status);
  virtual int rename(const char* from, const char* to);
  // Never overwrites: EEXIST. Where the file system cannot say so (EINVAL), somebody may be quicker.
  virtual int rename_new(const char* from, const char* to);
  virtual int rename_exclusively(const char* from, const char* to);  // renameat2 with RENAME_NOREPLACE
  virtual int unlink(const char* path);
  virtual int make_folder(const char* path, mode_t mode);  // mkdir
  // All names in a folder but . and ..; returns an errno, 0 if it went well.
  virtual int names_in(const std::string& folder, std::vector<std::string>& names);
  // The machine's clock, and what its time zone adds to UTC at a moment.
  virtual std::chrono::sys_seconds now();
  virtual std::chrono::seconds utc_offset(std::chrono::sys_seconds at);
  virtual std::optional<base::PathEntry> look_at(const std::string& path);  // no errno
};

// The kernel's; lives as long as the process.
FileSystem& real_file_system();

}  // namespace naudit::output
