// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "output/spool/disk.hpp"
#include "output/spool/spool.hpp"
#include "tests/output/sink_support.hpp"
#include "tests/support/temp_dir.hpp"

namespace naudit::tests {

// The end of the process, at a system call.
struct Crash {};

// The disk, each of whose calls can be made to fail, or to be the last one.
class FaultyDisk : public output::Disk {
 public:
  enum class Then : std::uint8_t { kFail, kTear, kCrash };  // kTear: half of a write is done, and then it fails

  // The call of this number, from 1 on; 0: none. `and_all_after`: those behind it, too.
  void at(std::uint64_t call, Then then, int code = EIO, bool and_all_after = false) {
    calls_ = 0;
    at_ = call;
    then_ = then;
    code_ = code;
    all_after_ = and_all_after;
  }
  void heal() { at_ = 0; }
  [[nodiscard]] std::uint64_t calls() const { return calls_; }
  [[nodiscard]] bool has_struck() const { return at_ != 0 && calls_ >= at_; }
  // Only for syncs.
  std::atomic<int> sync_code = 0;
  std::atomic<std::uint64_t> syncs = 0;
  std::optional<Space> told_space;

  int open(const std::string& path, int flags, mode_t mode) override {
    return strikes() ? -1 : Disk::open(path, flags, mode);
  }
  ssize_t pread(int fd, void* buffer, std::size_t size, std::uint64_t offset) override {
    return strikes() ? -1 : Disk::pread(fd, buffer, size, offset);
  }
  ssize_t pwrite(int fd, const void* bytes, std::size_t size, std::uint64_t offset) override {
    if (!strikes(/*is_write=*/true)) return Disk::pwrite(fd, bytes, size, offset);
    if (then_ != Then::kFail && size > 1) {
      const int code = errno;
      Disk::pwrite(fd, bytes, size / 2, offset);
      errno = code;
    }
    if (then_ == Then::kCrash) throw Crash();
    return -1;
  }
  int ftruncate(int fd, std::uint64_t size) override { return strikes() ? -1 : Disk::ftruncate(fd, size); }
  int fdatasync(int fd) override { return sync(fd); }
  int fsync(int fd) override { return sync(fd); }
  int fstat(int fd, struct stat* status) override { return strikes() ? -1 : Disk::fstat(fd, status); }
  int mkdir(const std::string& path, mode_t mode) override { return strikes() ? -1 : Disk::mkdir(path, mode); }
  int rename(const std::string& from, const std::string& to) override {
    return strikes() ? -1 : Disk::rename(from, to);
  }
  int unlink(const std::string& path) override { return strikes() ? -1 : Disk::unlink(path); }
  int list(const std::string& folder, std::vector<std::string>& names) override {
    return strikes() ? -1 : Disk::list(folder, names);
  }
  int space(const std::string& folder, Space& out) override {
    if (strikes()) return -1;
    if (!told_space) return Disk::space(folder, out);
    out = *told_space;
    return 0;
  }

 private:
  // A write crashes by itself, behind its half.
  bool strikes(bool is_write = false) {
    const std::uint64_t call = ++calls_;
    if (at_ == 0 || call < at_ || (call > at_ && !all_after_)) return false;
    if (then_ == Then::kCrash && !is_write) throw Crash();
    errno = code_;
    return true;
  }
  int sync(int /*fd*/) {
    ++syncs;
    if (strikes()) return -1;
    errno = sync_code;
    return sync_code == 0 ? 0 : -1;
  }

  std::atomic<std::uint64_t> calls_ = 0;  // two spools may share the disk, each with its thread
  std::uint64_t at_ = 0;
  Then then_ = Then::kFail;
  int code_ = EIO;
  bool all_after_ = false;
};

inline output::SpoolOptions spool_options(const TempDir& directory, bool compress = false) {
  output::SpoolOptions options;
  options.folder = directory.file("spool");
  options.sink = "test";
  options.limits.enabled = true;
  options.limits.keep_free = 0;
  options.limits.age = {};
  options.limits.compress = compress;
  options.boot_id[0] = 'b';
  return options;
}

inline constexpr output::SpoolTime kNow{.wall_ms = 1'800'000'000'000, .boot_ms = 1'000'000};
inline output::SpoolTime later(std::chrono::milliseconds time) {
  return {kNow.wall_ms + time.count(), kNow.boot_ms + time.count()};
}

// As a batch of another stream, with a few of its events marked.
inline output::BatchPtr with_priority(const output::BatchPtr& batch, std::vector<std::uint32_t> which) {
  auto copy = std::make_shared<output::Batch>(*batch);
  copy->priority = std::move(which);
  return copy;
}

inline void add_lines(std::vector<std::string>& lines, const output::Batch& batch) {
  for (std::string& line : split_lines(batch.bytes)) lines.push_back(std::move(line));
}

// Everything that is not yet handed out.
inline std::vector<std::string> take_lines(output::Spool& spool, bool confirm = true) {
  std::vector<std::string> lines;
  for (auto taken = spool.next(); taken.batch != nullptr; taken = spool.next()) {
    add_lines(lines, *taken.batch);
    if (confirm) static_cast<void>(spool.confirm(taken.end));
  }
  return lines;
}

inline output::SpoolProblem sync_now(output::Spool& spool, output::Disk& disk, output::SpoolTime now = kNow) {
  const auto job = spool.begin_sync(now);
  if (job.empty()) return {};
  std::uint64_t calls = 0;
  return spool.end_sync(job, output::Spool::run_sync(disk, job, calls));
}

inline std::vector<std::string> files_in(const std::string& folder, std::string_view suffix = ".seg") {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().string().ends_with(suffix)) names.push_back(entry.path().string());
  std::ranges::sort(names);
  return names;
}

}  // namespace naudit::tests
