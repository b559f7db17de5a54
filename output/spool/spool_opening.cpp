// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// The part of the spool that takes up what the run before has left, and leaves it to the next one.
#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include <fmt/format.h>

#include "output/spool/spool.hpp"

namespace naudit::output {
namespace {

constexpr mode_t kFolderMode = 0700;
constexpr mode_t kFileMode = 0600;
constexpr int kMake = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC;

}  // namespace

SpoolProblem Spool::open(SpoolTime now) {
  SpoolProblem problem = take_folder();
  if (!problem) problem = load_segments(now);
  if (!problem) problem = load_cursor();
  if (problem) {
    let_go();
    return problem;
  }
  if (std::ranges::any_of(segments_, [this](const Segment& one) { return is_confirmed(one); })) {
    if (options_.limits.sync.kind != config::SyncKind::kNone && disk_.fdatasync(cursor_fd_) != 0)
      note(spool_problem("cannot sync the position", errno).text);
    else
      remove_confirmed(cursor_.cursor.sequence);
  }
  expire(now);
  return {};
}

SpoolProblem Spool::take_folder() {
  if (disk_.mkdir(options_.folder, kFolderMode) != 0 && errno != EEXIST)
    return spool_problem("cannot make " + options_.folder, errno);
  folder_fd_ = disk_.open(options_.folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
  if (folder_fd_ < 0) return spool_problem("cannot open " + options_.folder, errno);
  lock_fd_ = disk_.open(path("lock"), kMake, kFileMode);
  if (lock_fd_ < 0) return spool_problem("cannot open " + path("lock"), errno);
  if (disk_.lock(lock_fd_) != 0) return spool_problem("somebody else has " + options_.folder, errno);
  return {};
}

void Spool::let_go() {
  close_reader();
  for (const Unsynced& one : unsynced_)
    if (one.fd != active_fd_) disk_.close(one.fd);
  unsynced_.clear();
  for (int* const fd : {&active_fd_, &cursor_fd_, &folder_fd_, &lock_fd_})
    if (*fd >= 0) disk_.close(std::exchange(*fd, -1));
  segments_.clear();
  bad_.clear();
  handed_ = {};
  cursor_ = {};
  next_sequence_ = 1;
}

SpoolProblem Spool::load_segments(SpoolTime now) {
  std::vector<std::string> names;
  if (disk_.list(options_.folder, names) != 0) return spool_problem("cannot list " + options_.folder, errno);
  std::ranges::sort(names);
  for (const std::string& name : names) {
    if (name.ends_with(".tmp")) {
      disk_.unlink(path(name));
    } else if (name.ends_with(".bad")) {
      struct stat status{};
      const int fd = disk_.open(path(name), O_RDONLY | O_NOFOLLOW | O_CLOEXEC, 0);
      if (fd >= 0 && disk_.fstat(fd, &status) == 0) bad_.push_back({name, static_cast<std::uint64_t>(status.st_size)});
      if (fd >= 0) disk_.close(fd);
    } else if (const auto sequence = parse_segment_name(name)) {
      load_one(*sequence, now);
    }
  }
  drop_superseded();
  return {};
}

void Spool::load_one(std::uint64_t first_sequence, SpoolTime now) {
  const std::string name = segment_name(first_sequence);
  SegmentLoaded loaded = load_segment(disk_, path(name), first_sequence, /*look_at_all=*/false);
  if (!loaded.segment) {
    note(fmt::format("cannot read {}: {}", path(name), std::generic_category().message(loaded.code)));
    return set_aside(name, 0);
  }
  Segment& segment = *loaded.segment;
  if (segment.events == 0 && segment.damaged_bytes == 0) {
    // Made and not yet written when the run before ended.
    const bool is_begun = segment.has_header || segment.bytes < kSegmentHeader;
    if (!is_begun) return set_aside(name, segment.bytes);
    if (segment.torn_bytes > 0)
      note(fmt::format("{}: {} bytes of an event that was not written to its end are cut off", path(name),
                       segment.torn_bytes));
    if (disk_.unlink(path(name)) != 0)
      note(fmt::format("cannot remove {}: {}", path(name), std::generic_category().message(errno)));
    return;
  }
  if (!segment.is_sealed) {
    if (segment.torn_bytes > 0)
      note(fmt::format("{}: the last {} bytes are no whole events and are cut off", path(name), segment.torn_bytes));
    if (const int code = seal_segment(disk_, path(name), segment, std::max(segment.last_wall_ms, now.wall_ms));
        code != 0)
      note(fmt::format("cannot end {}: {}", path(name), std::generic_category().message(code)));
  }
  segments_.push_back(std::move(segment));
}

// Of a thinning that was interrupted: the joined one is in its place, and what it was joined from is still there.
void Spool::drop_superseded() {
  for (std::size_t index = 1; index < segments_.size();)
    if (segments_[index - 1].is_thinned && segments_[index].last_sequence <= segments_[index - 1].last_sequence)
      remove(index);
    else
      ++index;
}

SpoolProblem Spool::load_cursor() {
  cursor_fd_ = disk_.open(path("cursor"), kMake, kFileMode);
  if (cursor_fd_ < 0) return spool_problem("cannot open " + path("cursor"), errno);
  struct stat status{};
  if (disk_.fstat(cursor_fd_, &status) != 0) return spool_problem("cannot read the position", errno);
  std::array<char, kCursorFile> bytes{};
  const auto size = static_cast<std::size_t>(std::min<off_t>(status.st_size, kCursorFile));
  if (!read_all(disk_, cursor_fd_, bytes.data(), size, 0)) note(spool_problem("cannot read the position", errno).text);
  const auto slot = parse_cursor({bytes.data(), size});
  const std::uint64_t last = segments_.empty() ? 0 : segments_.back().last_sequence;
  if (slot) {
    cursor_ = *slot;
  } else {
    cursor_.cursor.sequence = segments_.empty() ? 0 : segments_.front().first_sequence - 1;
    // Else what comes until the first confirmation would look like a spool that has lost its position.
    if (segments_.empty()) {
      if (const SpoolProblem problem = write_cursor()) note(problem.text);
    } else {
      note(
          fmt::format("{}: the position is lost; what is there is delivered from the oldest event on, some of it again",
                      options_.folder));
    }
  }
  next_sequence_ = std::max(last, cursor_.cursor.sequence) + 1;
  handed_ = cursor_.cursor;
  folder_dirty_ = true;
  return {};
}

SpoolProblem Spool::close(SpoolTime now) {
  if (folder_fd_ < 0) return {};
  SpoolProblem problem;
  const auto first = [&problem](SpoolProblem next) {
    if (!problem) problem = std::move(next);
  };
  if (active_fd_ >= 0) first(seal(now));
  first(write_cursor());
  expire(now);
  const SyncJob job = begin_sync(now);
  std::uint64_t calls = 0;
  if (!job.empty()) first(end_sync(job, run_sync(disk_, job, calls)));
  if (has_unsynced() && !problem) {
    const SyncJob rest = begin_sync(now);
    if (!rest.empty()) first(end_sync(rest, run_sync(disk_, rest, calls)));
  }
  let_go();
  return problem;
}

}  // namespace naudit::output
