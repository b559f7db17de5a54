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
#include "output/sinks/file/log_file.hpp"
#include "output/sinks/file/options.hpp"
#include "output/sinks/file/problem.hpp"
#include "output/sinks/file/rotated_files.hpp"
#include "output/sinks/file/space.hpp"

namespace naudit::output {

// One log file and its rotated forerunners.
class FileWriter final : public LogFile {
 public:
  // Unless `sync` is none, a new or a renamed file's directory entry is synced too.
  // `lines`: what is written are lines, not a binary format.
  FileWriter(FileSystem& system, const FileOptions& options, bool lines = true);
  ~FileWriter() override { FileWriter::close(); }

  // Opens for appending, creates the file if it is missing. Refuses what is not a regular file, a symbolic link, and
  // what others could change or read through another name: a file of another user's or with more than one name, and one
  // below a folder in which somebody else can put another in its place.
  // If the last line has no end (a crash in the middle of a write) the first write ends it with a newline: the torn
  // line stays as evidence, the next event starts on a line of its own, and no reader of the file sees it shrink.
  FileProblem open() override;
  // What open() would say, without making or changing anything. A flaw that it would survive is a note.
  FileProblem look();
  [[nodiscard]] bool is_open() const noexcept override { return fd_ >= 0; }
  [[nodiscard]] std::uint64_t size() const noexcept override { return size_; }
  [[nodiscard]] std::chrono::sys_seconds modified() const noexcept override { return modified_; }

  FileProblem write(std::span<const iovec> pieces, std::size_t& written) override;
  FileProblem sync() override;
  [[nodiscard]] int duplicate() const noexcept override;
  [[nodiscard]] FileProblem unsynced(int code) const override { return file_problem("sync", path_, code); }
  bool cut(std::uint64_t size) override;
  [[nodiscard]] bool moved() const override;
  // The file gets the name of a rotated one (RotatedFiles), is read-only from now on, and a new one is begun. If a name
  // cannot be moved writing goes on in the present one.
  FileProblem rotate() override;
  // For somebody who gives the file its last name: it is read-only from now on.
  FileProblem protect(const std::string& name);
  FileProblem look_at_space(Space& space) const override;
  FileProblem drop_oldest(RotatedFile& removed) override { return rotated_.drop_oldest(owner_, removed); }
  FileProblem prune(bool trust_clock) override { return rotated_.prune(owner_, trust_clock); }
  [[nodiscard]] RotatedFiles* rotated() noexcept override { return &rotated_; }
  [[nodiscard]] uid_t owner() const noexcept override { return owner_; }
  void close() noexcept override;

  // Of open() or rotate(); no text: there was nothing.
  Note take_note() override;

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
