// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/stat.h>

#include <atomic>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "output/sinks/file/packing/stream.hpp"
#include "output/sinks/file/rotated_files.hpp"

namespace naudit::output {

// Compresses the rotated files of one log, one after the other. Each is written beside, synced, read again and
// compared, and takes a name only then; that name is on the disk before the original goes. So a crash leaves the
// original, or both, and the next round removes what is too many. The compressed file has the original's time, group
// and readers. One thread, but for cancel(); nothing throws but for want of memory.
class LogPacker {
 public:
  LogPacker(FileSystem& system, RotatedFiles& files, Packing packing)
      : system_(system), files_(files), packing_(packing) {}

  // All that there are, the oldest first. A file that cannot be compressed stays as it is, and is told: the last one.
  FileProblem pack_all(uid_t owner);
  // Any thread. What is under way is given up at the next piece (256 KiB), and leaves nothing behind.
  void cancel() noexcept { is_cancelled_ = true; }
  [[nodiscard]] bool is_cancelled() const noexcept { return is_cancelled_; }

 private:
  FileProblem pack(uid_t owner, const RotatedFile& file);
  FileProblem write(int from, int into, const struct stat& original, Digest& digest);
  FileProblem take_over(int from, int into, const struct stat& original);
  FileProblem read_digest(int from, const std::string& path, Digest& digest);
  FileProblem compare(const std::string& path, Packing packing, const Digest& wanted, std::string_view otherwise);
  FileProblem drop_original(uid_t owner, const RotatedFile& file, int from);

  FileSystem& system_;
  RotatedFiles& files_;
  const Packing packing_;
  std::atomic<bool> is_cancelled_ = false;
};

}  // namespace naudit::output
