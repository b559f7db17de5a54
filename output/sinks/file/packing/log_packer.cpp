// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/file/packing/log_packer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <string_view>
#include <vector>

#include "output/sinks/file/acl.hpp"

namespace naudit::output {
namespace {

constexpr std::size_t kPiece = std::size_t{256} << 10U;
constexpr int kFlags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;

class OpenFile {
 public:
  OpenFile(FileSystem& system, const std::string& path, int flags, mode_t mode = 0)
      : system_(system), fd_(system.open(path.c_str(), flags | kFlags, mode)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (fd_ >= 0) system_.close(fd_);
  }
  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] explicit operator bool() const noexcept { return fd_ >= 0; }

 private:
  FileSystem& system_;
  const int fd_;
};

// Calls `take` with each piece of a file, the last one empty, until it returns false.
template <typename Take>
FileProblem read_pieces(FileSystem& system, int fd, const std::string& path, Take take) {
  std::vector<char> room(kPiece);
  for (std::uint64_t offset = 0;;) {
    const ssize_t got = system.pread(fd, room.data(), room.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return file_problem("read", path, errno);
    offset += static_cast<std::uint64_t>(got);
    if (!take(std::string_view(room.data(), static_cast<std::size_t>(got))) || got == 0) return {};
  }
}

bool write_all(FileSystem& system, int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const iovec piece{const_cast<char*>(bytes.data()), bytes.size()};  // writev() only reads
    const ssize_t written = system.writev(fd, &piece, 1);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// Whom an access list names beside owner, group and others (acl(5)). No list: the mode says it all.
FileProblem copy_acl(FileSystem& system, int from, int into, const std::string& path) {
  std::array<char, 4096> list;
  const ssize_t size = system.get_attribute(from, kAclAttribute, list.data(), list.size());
  if (size < 0)
    return errno == ENODATA || errno == EOPNOTSUPP ? FileProblem{} : file_problem("read the ACL for", path, errno);
  if (system.set_attribute(into, kAclAttribute, list.data(), static_cast<std::size_t>(size)) == 0) return {};
  return file_problem("set the ACL of", path, errno);
}

}  // namespace

FileProblem LogPacker::pack_all(uid_t owner) {
  FileProblem last;
  std::set<std::pair<dev_t, ino_t>> seen;
  while (!is_cancelled_) {
    // Anew each time: a rotation changes the names meanwhile.
    std::vector<RotatedFile> files;
    if (FileProblem unknown = files_.list(owner, files)) return unknown;
    const auto next = std::ranges::find_if(files, [&](const RotatedFile& file) {
      return file.name.packing == Packing::kNone && !seen.contains({file.device, file.inode});
    });
    if (next == files.end()) break;
    seen.emplace(next->device, next->inode);
    if (FileProblem problem = pack(owner, *next)) last = std::move(problem);
  }
  return is_cancelled_ ? FileProblem{} : last;
}

FileProblem LogPacker::pack(uid_t owner, const RotatedFile& file) {
  const OpenFile from(system_, file.path, O_RDONLY);
  struct stat original{};
  if (!from) return errno == ENOENT ? FileProblem{} : file_problem("open", file.path, errno);
  if (system_.fstat(from.get(), &original) != 0) return file_problem("examine", file.path, errno);
  // A rotation has given the name to another one.
  if (original.st_ino != file.inode || original.st_dev != file.device) return {};
  if (!file.copies.empty()) return drop_original(owner, file, from.get());
  const std::string& draft = files_.draft();
  if (FileProblem left = files_.remove_draft()) return left;
  FileProblem problem;
  Digest digest;
  {
    const OpenFile into(system_, draft, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (!into) return file_problem("make", draft, errno);
    problem = write(from.get(), into.get(), original, digest);
  }
  bool done = false;
  if (!problem) problem = compare(draft, packing_, digest, " is not what was written");
  if (!problem && !is_cancelled_) problem = files_.put_draft(owner, file, packing_, done);
  if (!done) {
    const FileProblem left = files_.remove_draft();
    return problem ? problem : left;
  }
  if (FileProblem unsynced = files_.sync_folder()) return unsynced;
  return files_.remove_packed(owner, file);
}

FileProblem LogPacker::write(int from, int into, const struct stat& original, Digest& digest) {
  const std::string& draft = files_.draft();
  const std::unique_ptr<Packer> packer = Packer::make(packing_);
  FileProblem problem;
  FileProblem unread = read_pieces(system_, from, draft, [&](std::string_view bytes) {
    digest.add(bytes);
    errno = ENOMEM;  // what the libraries fail for
    if (!packer->pack(bytes, bytes.empty(), [&](std::string_view out) { return write_all(system_, into, out); }))
      problem = file_problem("write", draft, errno);
    return !problem && !is_cancelled_;
  });
  if (unread) return unread;
  if (!problem && !is_cancelled_) problem = take_over(from, into, original);
  if (problem || is_cancelled_) return problem;
  int result = 0;
  do result = system_.fsync(into);
  while (result < 0 && errno == EINTR);
  return result == 0 ? FileProblem{} : file_problem("sync", draft, errno);
}

// Who may read it, and its time. A rotated file is written by nobody.
FileProblem LogPacker::take_over(int from, int into, const struct stat& original) {
  constexpr mode_t kRead = 0444;
  const std::string& draft = files_.draft();
  struct stat made{};
  if (system_.fstat(into, &made) != 0) return file_problem("examine", draft, errno);
  if (made.st_uid != original.st_uid) return file_problem("give to the owner of the log", draft, EPERM);
  if (made.st_gid != original.st_gid && system_.fchgrp(into, original.st_gid) != 0)
    return file_problem("set the group of", draft, errno);
  if (FileProblem closed = copy_acl(system_, from, into, draft)) return closed;
  if (system_.fchmod(into, original.st_mode & kRead) != 0) return file_problem("set the mode of", draft, errno);
  if (system_.set_modified(into, original.st_mtim) != 0) return file_problem("set the time of", draft, errno);
  return {};
}

FileProblem LogPacker::read_digest(int from, const std::string& path, Digest& digest) {
  return read_pieces(system_, from, path, [&](std::string_view bytes) {
    digest.add(bytes);
    return !is_cancelled_;
  });
}

FileProblem LogPacker::compare(const std::string& path, Packing packing, const Digest& wanted,
                               std::string_view otherwise) {
  if (is_cancelled_) return {};
  const OpenFile packed(system_, path, O_RDONLY);
  if (!packed) return file_problem("open", path, errno);
  const std::unique_ptr<Unpacker> unpacker = Unpacker::make(packing);
  Digest digest;
  bool is_damaged = false;
  FileProblem unread = read_pieces(system_, packed.get(), path, [&](std::string_view bytes) {
    is_damaged = !unpacker->unpack(bytes, digest);
    return !is_damaged && !is_cancelled_;
  });
  if (unread || is_cancelled_) return unread;
  if (!is_damaged && unpacker->is_whole() && digest == wanted) return {};
  return {EBADMSG, path + std::string(otherwise)};
}

// A crash came between the two; or somebody else has made the other one.
FileProblem LogPacker::drop_original(uid_t owner, const RotatedFile& file, int from) {
  Digest digest;
  if (FileProblem unread = read_digest(from, file.path, digest)) return unread;
  const RotatedName& copy = file.copies.front();
  const std::string path = file.path + std::string(RotatedName::ending(copy.packing));
  if (FileProblem differs =
          compare(path, copy.packing, digest, " is not what the file beside it is; remove one of the two"))
    return differs;
  return is_cancelled_ ? FileProblem{} : files_.remove_packed(owner, file);
}

}  // namespace naudit::output
