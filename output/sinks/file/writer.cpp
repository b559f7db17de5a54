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

std::vector<ReaderName> names_of(const std::vector<std::string>& acl) {
  std::vector<ReaderName> names;
  for (const std::string& text : acl)
    if (auto name = ReaderName::of(text)) names.push_back(*std::move(name));
  return names;
}

}  // namespace

FileWriter::FileWriter(FileSystem& system, const FileOptions& options, bool lines)
    : system_(system),
      path_(options.path),
      mode_(options.mode & kPermissions),
      group_(options.group),
      reader_names_(names_of(options.acl)),
      durable_(options.sync.kind != SyncKind::kNone),
      lines_(lines),
      rotated_(system, options.path, options.rotate) {}

FileProblem FileWriter::open() {
  if (!group_.empty() && !group_id_) group_id_ = system_.group_id(group_);
  find_readers();
  return reopen();
}

FileProblem FileWriter::reopen() {
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
  if (system_.access(folder.c_str(), W_OK | X_OK) != 0) return file_problem("make a file in", folder, errno);
  return {};
}

FileProblem FileWriter::opened(int flags) {
  // O_NONBLOCK: opening a FIFO must not wait for its reader before we can refuse it. O_RDWR: to look at the last byte.
  flags |= O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  fd_ = uninterrupted([&] { return system_.open(path_.c_str(), flags, mode_); });
  if (fd_ >= 0) return {};
  if (errno == ELOOP) return {ELOOP, path_ + " is a symbolic link; name the file itself"};
  if (errno == EISDIR) return {EISDIR, path_ + " is a directory; name a file"};
  return file_problem("open", path_, errno);
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
  if (system_.fstat(fd_, &status) != 0) return file_problem("examine", path_, errno);
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

// The mode to set: what cannot be given to its group is not open to another one.
mode_t FileWriter::take_group(const struct stat& status) {
  if (group_.empty()) return mode_;
  if (group_id_ && (status.st_gid == *group_id_ || system_.fchgrp(fd_, *group_id_) == 0)) return mode_;
  note_ = {
      group_id_ ? file_problem("set the group of", path_, errno).text : "there is no group " + base::in_quotes(group_),
      true};
  return mode_ & ~static_cast<mode_t>(S_IRWXG);
}

void FileWriter::find_readers() {
  if (readers_.size() == reader_names_.size()) return;
  readers_.clear();
  unknown_reader_.clear();
  for (const auto& [is_group, name] : reader_names_) {
    const auto id = is_group ? system_.group_id(name) : system_.user_id(name);
    if (id)
      readers_.push_back({is_group, *id});
    else
      unknown_reader_ = (is_group ? "group " : "user ") + base::in_quotes(name);
  }
}

// False: not done, and errno. With an access list the mode of the group is what nobody named may do, and the group
// bits that the kernel shows are the list's mask: so a list is set whole, with the mode in it.
bool FileWriter::set_readers(mode_t mode) {
  const std::string wanted = acl_bytes(mode, readers_);
  std::string present(wanted.size() + 1, '\0');
  const ssize_t size = system_.get_attribute(fd_, kAclAttribute, present.data(), present.size());
  if (size == static_cast<ssize_t>(wanted.size()) && present.starts_with(wanted)) return true;
  return system_.set_attribute(fd_, kAclAttribute, wanted.data(), wanted.size()) == 0;
}

// Leaves errno if it returns false.
bool FileWriter::set_access(const struct stat& status, mode_t mode) {
  mode_given_ = mode;
  if (!readers_.empty()) {
    has_list_ = set_readers(mode);
    if (has_list_) return true;
    note_ = {file_problem("let the readers of acl read", path_, errno).text, true};
  }
  // The umask may have taken bits from a new file; an old one may have been left open to others.
  return (status.st_mode & kPermissions) == mode || system_.fchmod(fd_, mode) == 0;
}

FileProblem FileWriter::look_at_space(Space& space) const {
  struct statvfs status{};
  if (uninterrupted([&] { return system_.fstatvfs(fd_, &status); }) != 0)
    return file_problem("see how much is free beside", path_, errno);
  space = {status.f_bavail * status.f_frsize, status.f_blocks * status.f_frsize};
  return {};
}

FileProblem FileWriter::take_in_use(const struct stat& status) {
  device_ = status.st_dev;
  inode_ = status.st_ino;
  owner_ = status.st_uid;
  modified_ = std::chrono::sys_seconds(std::chrono::seconds(status.st_mtim.tv_sec));
  size_ = static_cast<std::uint64_t>(status.st_size);
  const mode_t mode = take_group(status);
  if (!unknown_reader_.empty()) note_ = {"there is no " + unknown_reader_ + ", who is to read " + path_, true};
  if (!set_access(status, mode)) note_ = {file_problem("set the mode of", path_, errno).text, true};
  if (size_ == 0) {
    const FileProblem unsynced = durable_ ? rotated_.sync_folder() : FileProblem{};
    if (unsynced) note_ = {unsynced.text, true};
    return {};
  }
  if (!lines_) return {};
  char last = '\n';
  if (uninterrupted([&] { return system_.pread(fd_, &last, 1, status.st_size - 1); }) < 0)
    return file_problem("read the end of", path_, errno);
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
    if (uninterrupted([&] { return system_.writev(fd_, &end, 1); }) != 1) return file_problem("write to", path_, errno);
    torn_ = false;
    ++size_;
  }
  const ssize_t count =
      uninterrupted([&] { return system_.writev(fd_, pieces.data(), static_cast<int>(pieces.size())); });
  if (count < 0) return file_problem("write to", path_, errno);
  written = static_cast<std::size_t>(count);
  size_ += written;
  return {};
}

FileProblem FileWriter::sync() {
  if (uninterrupted([&] { return system_.fdatasync(fd_); }) == 0) return {};
  return file_problem("sync", path_, errno);
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

FileProblem FileWriter::protect(const std::string& name) {
  const mode_t read_only = 0400U | (mode_ & 0040U);
  struct stat status{};
  const bool is_known = system_.fstat(fd_, &status) == 0;
  const bool is_protected = readers_.empty() || !has_list_
                                ? system_.fchmod(fd_, is_known ? read_only & (status.st_mode | 0400U) : 0400U) == 0
                                : set_readers(0400U | (mode_given_ & 0040U));
  return is_protected ? FileProblem{} : file_problem("protect", name, errno);
}

FileProblem FileWriter::rotate() {
  if (FileProblem kept = rotated_.take(owner_)) return kept;
  FileProblem survived = protect(rotated_.newest());
  if (durable_) {
    if (FileProblem unsynced = rotated_.sync_folder()) survived = std::move(unsynced);
  }
  // Not open(): nobody is asked for the group here, where the drain thread may be.
  FileProblem opened = reopen();
  if (!opened && survived) note_ = {survived.text, true};
  return opened;
}

int FileWriter::duplicate() const noexcept {
  return system_.duplicate(fd_);
}

void FileWriter::close() noexcept {
  if (fd_ >= 0) system_.close(fd_);
  fd_ = -1;
}

FileWriter::Note FileWriter::take_note() {
  return std::exchange(note_, {});
}

}  // namespace naudit::output
