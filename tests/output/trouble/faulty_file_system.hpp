// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "output/sinks/file/file_system.hpp"

namespace naudit::tests {

// The real file system, with faults on demand and counts to wait for.
class FaultyFileSystem final : public output::FileSystem {
 public:
  static constexpr std::size_t kPlenty = std::size_t{1} << 40;

  // Writes take so many bytes in all, and then fail with `error`.
  void limit_writes(std::size_t bytes, int error) {
    const std::lock_guard lock(mutex_);
    room_ = bytes;
    write_error_ = error;
  }
  void heal() { limit_writes(kPlenty, 0); }
  void fail_syncs(int count, int error) {
    const std::lock_guard lock(mutex_);
    sync_failures_ = count;
    sync_error_ = error;
  }
  void fail_rename_to(std::string path, int error) {
    const std::lock_guard lock(mutex_);
    rename_to_ = std::move(path);
    rename_error_ = error;
  }
  void fail_duplicates(int error) {
    const std::lock_guard lock(mutex_);
    duplicate_error_ = error;
  }
  void fail_opens(int error) {
    const std::lock_guard lock(mutex_);
    open_error_ = error;
  }
  void fail_modes(int error) {
    const std::lock_guard lock(mutex_);
    mode_error_ = error;
  }
  void fail_attributes(int error) {
    const std::lock_guard lock(mutex_);
    attribute_error_ = error;
  }
  // As a file system that knows no exclusive rename.
  void fail_exclusive_renames(int error) {
    const std::lock_guard lock(mutex_);
    exclusive_error_ = error;
  }
  void fail_unlinks(int error) {
    const std::lock_guard lock(mutex_);
    unlink_error_ = error;
  }
  // The machine's clock stands there, so far from UTC.
  void set_clock(std::chrono::sys_seconds now, std::chrono::seconds utc_offset = {}) {
    const std::lock_guard lock(mutex_);
    now_ = now;
    utc_offset_ = utc_offset;
  }
  void fail_groups(int error) {
    const std::lock_guard lock(mutex_);
    group_error_ = error;
  }
  // So many of 1000 blocks of a MiB are free.
  void set_free(std::uint64_t blocks) {
    const std::lock_guard lock(mutex_);
    free_ = blocks;
  }
  // Each sync waits from now on until let_syncs_end().
  void hold_syncs() {
    const std::lock_guard lock(mutex_);
    syncs_hang_ = true;
  }
  // The same for writes.
  void hold_writes() {
    const std::lock_guard lock(mutex_);
    writes_hang_ = true;
  }
  void let_go() {
    const std::lock_guard lock(mutex_);
    syncs_hang_ = writes_hang_ = false;
    changed_.notify_all();
  }
  bool wait_for_hanging_writes(int count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds{30}, [&] { return hanging_writes_ >= count; });
  }
  // Every open file is this user's.
  void pretend_owner(uid_t uid) {
    const std::lock_guard lock(mutex_);
    owner_ = uid;
  }
  // What a path looks like to whoever asks whether it can be trusted.
  void pretend(const std::string& path, std::function<void(base::PathEntry&)> change) {
    const std::lock_guard lock(mutex_);
    looks_[path] = std::move(change);
  }
  [[nodiscard]] int attributes_set() const {
    const std::lock_guard lock(mutex_);
    return attributes_set_;
  }
  // How many descriptors are open now.
  [[nodiscard]] int descriptors() const {
    const std::lock_guard lock(mutex_);
    return descriptors_;
  }
  // How many have been opened so far.
  [[nodiscard]] int opened() const {
    const std::lock_guard lock(mutex_);
    return opened_;
  }
  // False after half a minute.
  bool wait_for_failed_writes(int count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds{30}, [&] { return failed_writes_ >= count; });
  }
  bool wait_for_failed_opens(int count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds{30}, [&] { return failed_opens_ >= count; });
  }
  bool wait_for_bytes(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds{30}, [&] { return bytes_ >= count; });
  }
  bool wait_for_syncs(int count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds{30}, [&] { return syncs_ >= count; });
  }
  [[nodiscard]] int syncs() const {
    const std::lock_guard lock(mutex_);
    return syncs_;
  }

  int open(const char* path, int flags, mode_t mode) override {
    int fd = FileSystem::open(path, flags, mode);
    int error = errno;
    const std::lock_guard lock(mutex_);
    if (open_error_ != 0) {
      if (fd >= 0) FileSystem::close(fd);
      fd = -1;
      error = open_error_;
    }
    if (fd < 0)
      ++failed_opens_;
    else
      ++descriptors_, ++opened_;
    changed_.notify_all();
    errno = error;
    return fd;
  }

  int close(int fd) override {
    const std::lock_guard lock(mutex_);
    --descriptors_;
    return FileSystem::close(fd);
  }

  int fstat(int fd, struct stat* status) override {
    const int result = FileSystem::fstat(fd, status);
    const std::lock_guard lock(mutex_);
    if (owner_) status->st_uid = *owner_;
    return result;
  }

  std::optional<base::PathEntry> look_at(const std::string& path) override {
    auto entry = FileSystem::look_at(path);
    const std::lock_guard lock(mutex_);
    if (const auto look = looks_.find(path); entry && look != looks_.end()) look->second(*entry);
    return entry;
  }

  int duplicate(int fd) override {
    const std::lock_guard lock(mutex_);
    if (duplicate_error_ != 0) {
      errno = duplicate_error_;
      return -1;
    }
    ++descriptors_;
    ++opened_;
    return FileSystem::duplicate(fd);
  }

  int fchmod(int fd, mode_t mode) override {
    const std::lock_guard lock(mutex_);
    if (mode_error_ == 0) return FileSystem::fchmod(fd, mode);
    errno = mode_error_;
    return -1;
  }

  ssize_t writev(int fd, const iovec* pieces, int count) override {
    std::unique_lock lock(mutex_);
    if (writes_hang_) {
      ++hanging_writes_;
      changed_.notify_all();
      changed_.wait(lock, [this] { return !writes_hang_; });
    }
    if (room_ == 0) {
      ++failed_writes_;
      changed_.notify_all();
      errno = write_error_;
      return -1;
    }
    ssize_t written = 0;
    for (int i = 0; i < count && room_ > 0; ++i) {
      const iovec piece{pieces[i].iov_base, std::min(pieces[i].iov_len, room_)};
      const ssize_t size = FileSystem::writev(fd, &piece, 1);
      if (size < 0) {
        const int error = errno;
        ++failed_writes_;
        changed_.notify_all();
        errno = error;
        return written > 0 ? written : size;
      }
      written += size;
      room_ -= static_cast<std::size_t>(size);
    }
    bytes_ += static_cast<std::size_t>(written);
    changed_.notify_all();
    return written;
  }

  int fdatasync(int fd) override {
    std::unique_lock lock(mutex_);
    ++syncs_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !syncs_hang_; });
    if (sync_failures_ > 0) {
      --sync_failures_;
      errno = sync_error_;
      return -1;
    }
    return FileSystem::fdatasync(fd);
  }

  int rename_new(const char* from, const char* to) override {
    const std::lock_guard lock(mutex_);
    if (rename_to_ == to) {
      errno = rename_error_;
      return -1;
    }
    return FileSystem::rename_new(from, to);
  }

  // Under the lock of rename_new().
  int rename_exclusively(const char* from, const char* to) override {
    if (exclusive_error_ == 0) return FileSystem::rename_exclusively(from, to);
    errno = exclusive_error_;
    return -1;
  }

  int set_attribute(int fd, const char* name, const void* value, size_t size) override {
    const std::lock_guard lock(mutex_);
    ++attributes_set_;
    if (attribute_error_ == 0) return FileSystem::set_attribute(fd, name, value, size);
    errno = attribute_error_;
    return -1;
  }

  int unlink(const char* path) override {
    const std::lock_guard lock(mutex_);
    if (unlink_error_ == 0) return FileSystem::unlink(path);
    errno = unlink_error_;
    return -1;
  }

  int fchgrp(int fd, gid_t group) override {
    const std::lock_guard lock(mutex_);
    if (group_error_ == 0) return FileSystem::fchgrp(fd, group);
    errno = group_error_;
    return -1;
  }

  int fstatvfs(int fd, struct statvfs* status) override {
    const int result = FileSystem::fstatvfs(fd, status);
    const std::lock_guard lock(mutex_);
    if (!free_) return result;
    status->f_frsize = std::size_t{1} << 20U;
    status->f_blocks = 1000;
    status->f_bavail = *free_;
    return result;
  }

  std::chrono::sys_seconds now() override {
    const std::lock_guard lock(mutex_);
    return now_.value_or(FileSystem::now());
  }
  std::chrono::seconds utc_offset(std::chrono::sys_seconds at) override {
    const std::lock_guard lock(mutex_);
    return now_ ? utc_offset_ : FileSystem::utc_offset(at);
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t room_ = kPlenty;
  int write_error_ = 0;
  int sync_failures_ = 0;
  int sync_error_ = 0;
  std::string rename_to_;
  int rename_error_ = 0;
  int unlink_error_ = 0, group_error_ = 0, attribute_error_ = 0, exclusive_error_ = 0;
  int attributes_set_ = 0;
  std::optional<std::uint64_t> free_;
  std::optional<std::chrono::sys_seconds> now_;
  std::chrono::seconds utc_offset_{};
  int duplicate_error_ = 0;
  int open_error_ = 0;
  std::optional<uid_t> owner_;
  std::map<std::string, std::function<void(base::PathEntry&)>> looks_;
  int mode_error_ = 0;
  int hanging_writes_ = 0;
  bool syncs_hang_ = false;
  bool writes_hang_ = false;
  int descriptors_ = 0, opened_ = 0;
  int failed_writes_ = 0;
  int failed_opens_ = 0;
  int syncs_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace naudit::tests
