// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "output/sinks/file/acl.hpp"
#include "output/sinks/file/file_system.hpp"
#include "output/sinks/file/options.hpp"
#include "output/sinks/file/problem.hpp"
#include "output/sinks/file/rotated_files.hpp"
#include "output/sinks/file/space.hpp"

namespace naudit::output {

// One log file and its rotated forerunners. Only the system calls and their order;
// when to call, and what to do about a problem, is the file sink's. One thread; nothing here throws or waits longer
// than the file system does.
class FileWriter {
 public:
  // Unless `sync` is none, a new or a renamed file's directory entry is synced too.
  // `lines`: what is written are lines, not a binary format.
  FileWriter(FileSystem& system, const FileOptions& options, bool lines = true);
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;
  ~FileWriter() { close(); }

  // Opens for appending, creates the file if it is missing. Refuses what is not a regular file, a symbolic link, and
  // what others could change or read through another name: a file of another user's or with more than one name, and one
  // below a folder in which somebody else can put another in its place.
  // If the last line has no end (a crash in the middle of a write) the first write ends it with a newline: the torn
  // line stays as evidence, the next event starts on a line of its own, and no reader of the file sees it shrink.
  FileProblem open();
  // What open() would say, without making or changing anything. A flaw that it would survive is a note.
  FileProblem look();
  [[nodiscard]] bool is_open() const noexcept { return fd_ >= 0; }
  // Bytes in the file, those that were there at open() included.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  // When its last byte was written, as it was opened.
  [[nodiscard]] std::chrono::sys_seconds modified() const noexcept { return modified_; }

  // Appends; `written` may be less than asked for, with or without a problem.
  FileProblem write(std::span<const iovec> pieces, std::size_t& written);
  FileProblem sync();
  // Another descriptor of the file, for a FileSyncer; negative if there is none to be had.
  [[nodiscard]] int duplicate() const noexcept;
  // What a failed sync of such a descriptor was.
  [[nodiscard]] FileProblem unsynced(int code) const { return file_problem("sync", path_, code); }
  // Shortens the file to `size` to take back an unfinished event. Does nothing if somebody else has written to it.
  bool cut(std::uint64_t size);
  // The path leads to another file than ours, or to none: somebody moved or removed it.
  [[nodiscard]] bool moved() const;
  // The file gets the name of a rotated one (RotatedFiles), is read-only from now on, and a new one is begun. If a name
  // cannot be moved writing goes on in the present one.
  FileProblem rotate();
  // What is free where the file lies.
  FileProblem look_at_space(Space& space) const;
  // Removes the oldest rotated file; `removed` is empty if there was none.
  FileProblem drop_oldest(RotatedFile& removed) { return rotated_.drop_oldest(owner_, removed); }
  // Removes rotated files that are more than may be kept.
  FileProblem prune(bool trust_clock) { return rotated_.prune(owner_, trust_clock); }
  // For what else is done with the rotated files, and whose they are.
  [[nodiscard]] RotatedFiles& rotated() noexcept { return rotated_; }
  [[nodiscard]] uid_t owner() const noexcept { return owner_; }
  void close() noexcept;

  // Something survived at open() or rotate() that is worth telling; no text: there was nothing. Clears it.
  struct Note {
    std::string text;
    bool is_flaw = false;  // the file is not as it ought to be, and stays so
  };
  Note take_note();

 private:
  FileProblem opened(int flags);
  FileProblem examine(struct stat& status);
  FileProblem reopen();
  void find_readers();
  mode_t take_group(const struct stat& status);
  bool set_access(const struct stat& status, mode_t mode);
  bool set_readers(mode_t mode);
  FileProblem take_in_use(const struct stat& status);
  FileProblem judge_folders();

  FileSystem& system_;
  const std::string path_;
  const mode_t mode_;
  const std::string group_;
  const std::vector<ReaderName> reader_names_;
  std::optional<gid_t> group_id_;
  std::vector<Reader> readers_;  // those of them that there are
  std::string unknown_reader_;   // one that there is not; empty: none
  mode_t mode_given_ = 0;        // without the mask of an access list
  bool has_list_ = false;
  const bool durable_, lines_;
  RotatedFiles rotated_;
  int fd_ = -1;
  dev_t device_ = 0;
  ino_t inode_ = 0;
  uid_t owner_ = 0;
  std::chrono::sys_seconds modified_{};
  std::uint64_t size_ = 0;
  bool torn_ = false;
  Note note_;
};

}  // namespace naudit::output
