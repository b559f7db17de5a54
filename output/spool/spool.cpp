// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/spool/spool.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "output/spool/crc32c.hpp"
#include "output/spool/problem.hpp"

namespace naudit::output {
namespace {

constexpr mode_t kFileMode = 0600;
constexpr int kMakeSegment = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
constexpr std::uint64_t kLeastSegment = std::uint64_t{1} << 20;
constexpr std::uint64_t kMostSegment = std::uint64_t{32} << 20;
constexpr std::uint64_t kSegments = 16;  // that a full spool has, or more
constexpr std::uint64_t kOvergrown = 4;  // times a segment's size: sealed without waiting for a sync

std::uint64_t segment_size(const SpoolOptions& options) {
  if (options.segment_bytes != 0) return options.segment_bytes;
  return std::clamp(options.limits.size / kSegments, kLeastSegment, kMostSegment);
}

// The batch without events that no frame takes, or only its events with priority.
BatchPtr selected(const Batch& batch, bool priority_only) {
  auto chosen = std::make_shared<Batch>();
  chosen->first_id = batch.first_id;
  chosen->last_id = batch.last_id;
  std::size_t next = 0;
  for (std::size_t index = 0; index < batch.events(); ++index) {
    const bool priority = next < batch.priority.size() && batch.priority[next] == index;
    if (priority) ++next;
    if (batch.event(index).size() <= kFrameMost && (priority || !priority_only))
      append_event(*chosen, batch.event(index), priority);
  }
  return chosen;
}

}  // namespace

Spool::Spool(Disk& disk, SpoolOptions options)
    : disk_(disk),
      options_(std::move(options)),
      segment_bytes_(segment_size(options_)),
      codec_(options_.limits.compress) {}

Spool::~Spool() {
  let_go();
}

void Spool::lose(std::string_view cause, std::uint64_t events, std::string_view first, std::string_view last) {
  losses_.add(cause, events, first, last);
}

Losses Spool::take_losses() {
  return std::exchange(losses_, {});
}

std::vector<std::string> Spool::take_notes() {
  return std::exchange(notes_, {});
}

std::uint64_t Spool::bytes() const noexcept {
  std::uint64_t sum = 0;
  for (const Segment& segment : segments_) sum += segment.bytes;
  for (const BadFile& file : bad_) sum += file.bytes;
  return sum;
}

std::uint64_t Spool::waiting() const noexcept {
  std::uint64_t sum = 0;
  const std::uint64_t confirmed = cursor_.cursor.sequence;
  for (const Segment& segment : segments_) {
    if (segment.last_sequence <= confirmed) continue;
    sum += std::min(segment.events, segment.last_sequence - std::max(confirmed, segment.first_sequence - 1));
  }
  return sum;
}

SpoolProblem Spool::begin_segment(SpoolTime now) {
  Segment segment;
  segment.first_sequence = next_sequence_;
  segment.last_sequence = next_sequence_ - 1;
  segment.made = now;
  segment.last_wall_ms = now.wall_ms;
  segment.boot_id = options_.boot_id;
  segment.sink = options_.sink;
  const std::string name = path(segment);
  const int fd = disk_.open(name, kMakeSegment, kFileMode);
  if (fd < 0) {
    const int code = errno;
    // Empty ones are removed at the opening; where that failed one is still in the way.
    if (code == EEXIST) disk_.unlink(name);
    return spool_problem("cannot make a segment", code);
  }
  const std::string header = encode_header({segment.first_sequence, now, segment.boot_id, false, segment.sink});
  if (!write_all(disk_, fd, header.data(), header.size(), 0)) {
    const int code = errno;
    disk_.close(fd);
    disk_.unlink(name);
    return spool_problem("cannot write", code);
  }
  segment.bytes = segment.frames_end = header.size();
  segments_.push_back(std::move(segment));
  active_fd_ = fd;
  active_crc_ = 0;
  folder_dirty_ = true;
  written(0, header.size());
  return {};
}

// A part of it is written anew where a sync fails, so all that is not synced is remembered.
void Spool::written(std::uint64_t from, std::uint64_t to) {
  disk_room_ -= static_cast<std::int64_t>(to - from);
  if (options_.limits.sync.kind == config::SyncKind::kNone) return;
  const auto known = std::ranges::find(unsynced_, active_fd_, &Unsynced::fd);
  if (known == unsynced_.end())
    unsynced_.push_back({active_fd_, from, to, false});
  else
    known->to = to;
}

SpoolProblem Spool::seal(SpoolTime now) {
  Segment& segment = segments_.back();
  const std::string footer = encode_footer({.events = segment.events,
                                            .priority_events = segment.priority_events,
                                            .last_sequence = segment.last_sequence,
                                            .frames_end = segment.frames_end,
                                            .wall_ms = now.wall_ms,
                                            .first_id = segment.first_id,
                                            .last_id = segment.last_id,
                                            .frames_crc = active_crc_});
  if (!write_all(disk_, active_fd_, footer.data(), footer.size(), segment.frames_end)) {
    const int code = errno;
    disk_.ftruncate(active_fd_, segment.frames_end);
    return spool_problem("cannot write", code);
  }
  segment.bytes = segment.frames_end + footer.size();
  segment.is_sealed = true;
  written(segment.frames_end, segment.bytes);
  const auto entry = std::ranges::find(unsynced_, active_fd_, &Unsynced::fd);
  if (entry == unsynced_.end())
    disk_.close(active_fd_);
  else
    entry->is_closed = true;
  active_fd_ = -1;
  return {};
}

// Encodes what there is room for into the buffer. False: nothing is to be written.
bool Spool::find_room(const Batch& batch, SpoolTime now, Appended& out, Losses& lost) {
  const auto encode = [this, &out](const Batch& what) {
    buffer_.clear();
    codec_.encode(what, next_sequence_, buffer_);
    out.events = what.events();
    return static_cast<std::int64_t>(buffer_.size() + kSegmentHeader + kSegmentFooter);
  };
  const std::int64_t needed = encode(batch);
  const auto reserve = static_cast<std::int64_t>(options_.limits.size / kSegments);
  switch (options_.limits.when_full) {
    case config::WhenFull::kBlock:
      if (needed > room(now)) remove_confirmed(cursor_.cursor.sequence);
      out.is_full = needed > room(now);
      return !out.is_full;
    case config::WhenFull::kDropOldest:
      if (make_room(needed, now)) return true;
      break;
    case config::WhenFull::kDropNewest: {
      if (needed + reserve > room(now)) remove_confirmed(cursor_.cursor.sequence);
      if (needed + reserve <= room(now)) return true;
      const BatchPtr kept = selected(batch, /*priority_only=*/true);
      if (kept->events() == 0 || encode(*kept) > room(now)) break;
      lost.add(kFull, batch.events() - kept->events(), batch.first_id, batch.last_id);
      return true;
    }
  }
  lost.add(disk_room_ < needed ? kDiskFull : kFull, batch.events(), batch.first_id, batch.last_id);
  return false;
}

Spool::Appended Spool::append(const Batch& batch, SpoolTime now) {
  Appended out;
  Losses lost;
  BatchPtr without;
  for (std::size_t index = 0; index < batch.events() && without == nullptr; ++index)
    if (batch.event(index).size() > kFrameMost) without = selected(batch, /*priority_only=*/false);
  const Batch& taken = without == nullptr ? batch : *without;
  lost.add(kTooLarge, batch.events() - taken.events(), batch.first_id, batch.last_id);
  if (active_fd_ >= 0 && segments_.back().bytes >= kOvergrown * segment_bytes_) out.problem = seal(now);
  const bool is_to_be_written = !out.problem && taken.events() > 0 && find_room(taken, now, out, lost);
  if (is_to_be_written) out.problem = write(taken, out, now);
  if (out.problem || out.is_full || !is_to_be_written) out.events = 0;
  if (!out.problem && !out.is_full) losses_.add(lost);
  return out;
}

SpoolProblem Spool::write(const Batch& batch, Appended& out, SpoolTime now) {
  if (active_fd_ < 0)
    if (SpoolProblem problem = begin_segment(now)) return problem;
  Segment& segment = segments_.back();
  const std::uint64_t at = segment.frames_end;
  if (!write_all(disk_, active_fd_, buffer_.data(), buffer_.size(), at)) {
    const int code = errno;
    disk_.ftruncate(active_fd_, at);
    if (code == ENOSPC && options_.limits.when_full == config::WhenFull::kDropOldest) give_up_one();
    return spool_problem("cannot write", code);
  }
  active_crc_ = crc32c(active_crc_, buffer_);
  segment.frames_end += buffer_.size();
  segment.bytes = segment.frames_end;
  segment.events += out.events;
  segment.priority_events += out.events == batch.events() ? batch.priority.size() : out.events;
  next_sequence_ += out.events;
  segment.last_sequence = next_sequence_ - 1;
  segment.last_wall_ms = now.wall_ms;
  if (segment.first_id.empty()) segment.first_id = batch.first_id;
  segment.last_id = batch.last_id;
  written(at, segment.frames_end);
  out.end = {segment.last_sequence, segment.first_sequence, segment.frames_end};
  return {};
}

void Spool::handed_out(const Cursor& end) {
  handed_ = end;
  close_reader();
}

SpoolProblem Spool::write_cursor() {
  ++cursor_.generation;
  const std::string slot = encode_slot(cursor_);
  if (!write_all(disk_, cursor_fd_, slot.data(), slot.size(), cursor_.generation % 2 * kCursorSlot))
    return spool_problem("cannot write the position", errno);
  return {};
}

SpoolProblem Spool::confirm(const Cursor& end) {
  if (end.sequence <= cursor_.cursor.sequence) return {};
  cursor_.cursor = end;
  return write_cursor();
}

bool Spool::has_unsynced() const noexcept {
  if (options_.limits.sync.kind == config::SyncKind::kNone) return wants_removal_;
  return folder_dirty_ || wants_removal_ ||
         std::ranges::any_of(unsynced_, [](const Unsynced& one) { return one.from < one.to; });
}

Spool::SyncJob Spool::begin_sync(SpoolTime now) {
  SyncJob job;
  if (active_fd_ >= 0 && segments_.back().bytes >= segment_bytes_)
    if (const SpoolProblem problem = seal(now)) note(problem.text);
  if (options_.limits.sync.kind == config::SyncKind::kNone) {
    if (std::exchange(wants_removal_, false)) remove_confirmed(cursor_.cursor.sequence);
    return job;
  }
  for (const Unsynced& one : unsynced_)
    if (one.from < one.to) job.data.push_back({one.fd, one.to});
  if (std::exchange(wants_removal_, false)) {
    job.cursor = cursor_fd_;
    job.confirmed = cursor_.cursor.sequence;
  }
  if (std::exchange(folder_dirty_, false)) job.folder = folder_fd_;
  return job;
}

int Spool::run_sync(Disk& disk, const SyncJob& job, std::uint64_t& calls) {
  const auto repeat = [&calls](auto&& sync) {
    int result = 0;
    do {
      result = sync();
      ++calls;
    } while (result != 0 && errno == EINTR);
    return result == 0 ? 0 : errno;
  };
  for (const SyncJob::Part& part : job.data)
    if (const int code = repeat([&] { return disk.fdatasync(part.fd); }); code != 0) return code;
  if (job.cursor >= 0)
    if (const int code = repeat([&] { return disk.fdatasync(job.cursor); }); code != 0) return code;
  return job.folder < 0 ? 0 : repeat([&] { return disk.fsync(job.folder); });
}

SpoolProblem Spool::end_sync(const SyncJob& job, int code) {
  if (code != 0) {
    folder_dirty_ = folder_dirty_ || job.folder >= 0;
    wants_removal_ = wants_removal_ || job.cursor >= 0;
    std::string bytes;
    for (const Unsynced& one : unsynced_) {
      for (std::uint64_t at = one.from; at < one.to; at += bytes.size()) {
        bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(one.to - at, kReadBytes)));
        if (!read_all(disk_, one.fd, bytes.data(), bytes.size(), at) ||
            !write_all(disk_, one.fd, bytes.data(), bytes.size(), at))
          return spool_problem("cannot write again what was not synced", errno);
      }
    }
    if (job.cursor >= 0)
      if (const SpoolProblem problem = write_cursor()) return problem;
    return spool_problem("cannot sync", code);
  }
  for (const SyncJob::Part& part : job.data) {
    const auto entry = std::ranges::find(unsynced_, part.fd, &Unsynced::fd);
    if (entry == unsynced_.end()) continue;
    entry->from = part.end;
    if (entry->from < entry->to) continue;
    if (entry->is_closed) disk_.close(entry->fd);
    unsynced_.erase(entry);
  }
  if (job.cursor >= 0) remove_confirmed(job.confirmed);
  return {};
}

}  // namespace naudit::output
