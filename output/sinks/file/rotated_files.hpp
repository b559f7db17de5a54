// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "output/sinks/file/file_system.hpp"
#include "output/sinks/file/options.hpp"
#include "output/sinks/file/problem.hpp"
#include "output/sinks/file/rotated_name.hpp"

namespace naudit::output {

// A log that was rotated: one of our names, a regular file, of the same owner as the log.
struct RotatedFile {
  RotatedName name;
  std::string path;
  std::uint64_t size = 0;
  std::chrono::sys_seconds modified{};
  dev_t device = 0;
  ino_t inode = 0;
  // The same log compressed, if both are there: a crash came before the one that was compressed was removed.
  std::vector<RotatedName> copies = {};
};

// How many of the oldest are more than may be kept. Pure.
std::size_t surplus(std::span<const RotatedFile> oldest_first, const Rotate& rotate, std::chrono::sys_seconds now,
                    bool trust_clock) noexcept;

// The files that a log has left behind, in its folder. Only the system calls and their order. What changes a name is
// done by one thread at a time; newest() is the writer's.
class RotatedFiles {
 public:
  RotatedFiles(FileSystem& system, std::string log, Rotate rotate);

  // Those that are certainly ours, the oldest first; what is no such file is left out, and never touched.
  FileProblem list(uid_t owner, std::vector<RotatedFile>& found) const;
  // Gives the log the name of a rotated file, or removes it where none is kept. No file is overwritten, and none lost
  // but the oldest: if a name cannot be moved nothing that is younger is.
  FileProblem take(uid_t owner);
  // Removes what is more than may be kept. `trust_clock`: for their age, too.
  FileProblem prune(uid_t owner, bool trust_clock);
  // Removes the oldest one; `removed` has no path if there was none.
  FileProblem drop_oldest(uid_t owner, RotatedFile& removed);
  // Where take() put the log; empty: nowhere.
  [[nodiscard]] const std::string& newest() const noexcept { return newest_; }
  // Returns when the names in the folder are on the disk.
  [[nodiscard]] FileProblem sync_folder() const;

  // A file that is being compressed stands beside until it is whole: under a name that no pattern for logs has.
  [[nodiscard]] const std::string& draft() const noexcept { return draft_; }
  // Of a life that ended meanwhile. None is no problem.
  FileProblem remove_draft();
  // The draft becomes the compressed one of a log, which is found again by its inode, whatever it is called by now.
  // `done` is false if that is gone or was written to meanwhile. Overwrites nothing.
  FileProblem put_draft(uid_t owner, const RotatedFile& of, Packing packing, bool& done);
  // Removes a log that there is compressed.
  FileProblem remove_packed(uid_t owner, const RotatedFile& of);

 private:
  [[nodiscard]] std::string path_of(const RotatedName& name) const;
  FileProblem take_number(const std::vector<RotatedFile>& files);
  FileProblem take_stamp(const std::vector<RotatedFile>& files);
  FileProblem move(const RotatedFile& file, std::uint32_t number);
  FileProblem remove(const RotatedFile& file);

  FileSystem& system_;
  const std::string log_;
  const std::string draft_;
  const Rotate rotate_;
  std::string newest_;
  std::mutex names_;  // held while a name is looked for and changed
};

// Those of a log that there is, the youngest by its last event first, for who only reads. Blocks on the disk.
std::vector<RotatedFile> rotated_of(const std::string& log);

}  // namespace naudit::output
