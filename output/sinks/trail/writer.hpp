// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "config/any_options.hpp"
#include "formats/format.hpp"
#include "output/sinks/file/file_system.hpp"
#include "output/sinks/file/log_file.hpp"
#include "output/sinks/file/options.hpp"
#include "output/sinks/file/writer.hpp"
#include "output/sinks/trail/parts.hpp"
#include "output/sinks/trail/trails.hpp"

namespace naudit::output {

// A folder that nobody else writes trails to, as long as one of these is left (flock(2) of the folder itself).
class TrailLock {
 public:
  TrailLock(FileSystem& system, int fd) : system_(system), fd_(fd) {}
  TrailLock(const TrailLock&) = delete;
  TrailLock& operator=(const TrailLock&) = delete;
  ~TrailLock() { system_.close(fd_); }

 private:
  FileSystem& system_;
  const int fd_;
};

// Who else has to know of the trails, and has a say in what becomes of them. Called on the writer's thread.
class TrailObserver {
 public:
  TrailObserver() = default;
  TrailObserver(const TrailObserver&) = delete;
  TrailObserver& operator=(const TrailObserver&) = delete;
  virtual ~TrailObserver() = default;

  // A trail has been begun; what a crash has left behind has its last name by now.
  virtual void opened(const TrailName& trail, const std::shared_ptr<const TrailLock>& lock) = 0;
  // Its first `size` bytes are whole events, and stay; with these, which were written last.
  virtual void committed(const TrailName& trail, std::uint64_t size, const InHand::Portion& portion) = 0;
  // It has got its last name, or was removed, because it has no events.
  virtual void closed(const TrailName& trail, bool has_events) = 0;
  // The stamp of a trail that is begun now has to be later; empty: no matter.
  virtual std::string not_before(std::chrono::sys_seconds now) = 0;
  virtual bool may_remove(const TrailName& trail) = 0;
  // A trail was removed to make room, with what is in it. Returns what is lost with it.
  virtual Losses removed(const TrailName& trail, const WholeEvents& events) = 0;
};

// Audit trails in a folder of their own: one is written, the others have ended. Each has its name from when it was
// begun and ended (name.hpp), no two of the same second, and holds whole events between what the format puts at the
// beginning and at the end of a file. One that a crash has left is cut behind its last whole event and called
// crash_recovery. A trail without events is removed when it ends.
class TrailWriter final : public LogFile {
 public:
  // `options.path` is the folder. It is made if only it is missing, with its trails readable for whom they are.
  TrailWriter(FileSystem& system, const FileOptions& options, const formats::Format& format,
              config::AnyOptions format_options, std::shared_ptr<TrailObserver> observer = nullptr);
  ~TrailWriter() override;

  FileProblem open() override;
  // What open() would say, without making or changing anything.
  FileProblem look();
  [[nodiscard]] bool is_open() const noexcept override { return file_ != nullptr; }
  [[nodiscard]] std::uint64_t size() const noexcept override;
  [[nodiscard]] std::chrono::sys_seconds modified() const noexcept override { return file_->modified(); }
  FileProblem write(std::span<const iovec> pieces, std::size_t& written) override;
  void committed(const InHand::Portion& portion) override;
  FileProblem sync() override { return file_->sync(); }
  [[nodiscard]] int duplicate() const noexcept override { return file_->duplicate(); }
  [[nodiscard]] FileProblem unsynced(int code) const override { return file_problem("sync", options_.path, code); }
  bool cut(std::uint64_t size) override { return file_->cut(head_.size() + size); }
  [[nodiscard]] bool moved() const override { return file_->moved(); }
  // Not in the second in which the trail was begun.
  [[nodiscard]] bool may_rotate() override;
  FileProblem rotate() override;
  FileProblem finish() override;
  FileProblem look_at_space(Space& space) const override { return file_->look_at_space(space); }
  FileProblem drop_oldest(RotatedFile& removed) override;
  FileProblem prune(bool trust_clock) override;
  [[nodiscard]] Losses take_losses() override;
  [[nodiscard]] uid_t owner() const noexcept override { return owner_; }
  Note take_note() override;
  void close() noexcept override;

 private:
  FileProblem make_folder();
  FileProblem take_lock();
  FileProblem recover();
  FileProblem recover(const TrailFile& left);
  FileProblem begin();
  FileProblem write_head();
  FileProblem append(const std::string& bytes);
  FileProblem end();
  FileProblem remove(const TrailFile& trail);
  // Those that may be removed.
  FileProblem list_ended(std::vector<TrailFile>& found) const;
  [[nodiscard]] std::string path_of(const TrailName& name) const { return options_.path + '/' + name.text(); }
  [[nodiscard]] FileProblem sync_folder() const;
  [[nodiscard]] formats::FileOfEvents now_in(const std::string& path) const;
  void note(std::string text, bool is_flaw);

  FileSystem& system_;
  const FileOptions options_;
  const formats::Format& format_;
  const config::AnyOptions format_options_;
  const std::shared_ptr<TrailObserver> observer_;
  const uid_t owner_;
  std::shared_ptr<const TrailLock> lock_;
  TrailName name_;                    // of the present one
  std::unique_ptr<FileWriter> file_;  // null: not open
  std::string head_;                  // what the format puts before the first event
  std::size_t head_written_ = 0;
  Losses losses_;
  Note note_;
};

}  // namespace naudit::output
