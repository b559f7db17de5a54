// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/spool/segment_file.hpp"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "output/batch.hpp"
#include "output/spool/batch_codec.hpp"
#include "output/spool/crc32c.hpp"
#include "output/spool/segment_reader.hpp"

namespace naudit::output {
namespace {

constexpr int kRead = O_RDONLY | O_NOFOLLOW | O_CLOEXEC;
constexpr int kWrite = O_RDWR | O_NOFOLLOW | O_CLOEXEC;
constexpr mode_t kMode = 0600;

// A descriptor of a disk, closed with its owner; errno stays.
class OpenFile {
 public:
  OpenFile(Disk& disk, const std::string& path, int flags) : disk_(disk), fd_(disk.open(path, flags, kMode)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    const int code = errno;
    if (fd_ >= 0) disk_.close(fd_);
    errno = code;
  }
  [[nodiscard]] int fd() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }

 private:
  Disk& disk_;
  int fd_;
};

// Adds what the frames say; false and errno if they cannot be read.
bool scan(Disk& disk, int fd, std::uint64_t end, Segment& segment) {
  segment.events = segment.priority_events = segment.damaged_bytes = segment.torn_bytes = 0;
  segment.last_sequence = segment.first_sequence - 1;
  segment.frames_end = std::min<std::uint64_t>(end, kSegmentHeader);
  segment.first_id.clear();
  segment.last_id.clear();
  if (end <= kSegmentHeader) {
    segment.torn_bytes = segment.has_header ? 0 : end;
    return true;
  }
  SegmentReader reader(disk, fd, kSegmentHeader, end, segment.first_sequence);
  for (;;) {
    const SegmentReader::Item item = reader.next();
    if (item.found == SegmentReader::Found::kUnreadable) {
      errno = item.code;
      return false;
    }
    if (item.found == SegmentReader::Found::kEnd) {
      segment.torn_bytes = item.skipped;
      return true;
    }
    segment.damaged_bytes += item.skipped;
    segment.frames_end = item.end;
    const auto content = content_of(item.frame);
    if (!content) {
      segment.damaged_bytes += item.end - item.begin;
      continue;
    }
    segment.events += content->events;
    segment.priority_events += content->priority_events;
    segment.last_sequence = std::max(segment.last_sequence, item.frame.sequence + content->events - 1);
    if (segment.first_id.empty()) segment.first_id = content->first_id;
    if (!content->last_id.empty()) segment.last_id = content->last_id;
  }
}

std::optional<std::uint32_t> crc_of(Disk& disk, int fd, std::uint64_t begin, std::uint64_t end) {
  std::string buffer;
  std::uint32_t crc = 0;
  for (std::uint64_t at = begin; at < end; at += buffer.size()) {
    buffer.resize(static_cast<std::size_t>(std::min<std::uint64_t>(end - at, std::size_t{1} << 20)));
    if (!read_all(disk, fd, buffer.data(), buffer.size(), at)) return std::nullopt;
    crc = crc32c(crc, buffer);
  }
  return crc;
}

std::optional<SegmentFooter> read_footer(Disk& disk, int fd, std::uint64_t size) {
  if (size < kSegmentHeader + kSegmentFooter) return std::nullopt;
  std::array<char, kSegmentFooter> bytes{};
  if (!read_all(disk, fd, bytes.data(), bytes.size(), size - bytes.size())) return std::nullopt;
  return parse_footer({bytes.data(), bytes.size()}, size);
}

// False, and errno: it could not be read.
bool load(Disk& disk, int fd, bool look_at_all, Segment& segment) {
  struct stat status{};
  if (disk.fstat(fd, &status) != 0) return false;
  if (!S_ISREG(status.st_mode)) {
    errno = EINVAL;
    return false;
  }
  segment.bytes = static_cast<std::uint64_t>(status.st_size);
  std::array<char, kSegmentHeader> head{};
  const auto head_size = static_cast<std::size_t>(std::min<std::uint64_t>(segment.bytes, head.size()));
  if (!read_all(disk, fd, head.data(), head_size, 0)) return false;
  const auto header = parse_header({head.data(), head_size});
  segment.has_header = header && header->first_sequence == segment.first_sequence;
  if (segment.has_header) {
    segment.made = header->made;
    segment.last_wall_ms = header->made.wall_ms;
    segment.boot_id = header->boot_id;
    segment.is_thinned = header->is_thinned;
    segment.sink = header->sink;
  }
  const auto footer = read_footer(disk, fd, segment.bytes);
  segment.is_sealed = footer.has_value();
  if (!footer || !segment.has_header || look_at_all) {
    if (!scan(disk, fd, footer ? footer->frames_end : segment.bytes, segment)) return false;
  }
  if (!footer) {
    segment.last_wall_ms = std::max(segment.last_wall_ms, static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1000);
    return true;
  }
  segment.last_wall_ms = footer->wall_ms;
  if (look_at_all) {
    const auto crc = crc_of(disk, fd, kSegmentHeader, footer->frames_end);
    if (!crc) return false;
    segment.damaged_bytes += std::exchange(segment.torn_bytes, 0);
    if (*crc != footer->frames_crc && segment.damaged_bytes == 0) segment.damaged_bytes = 1;
  }
  if (!segment.has_header || look_at_all) {
    segment.last_sequence = std::max(segment.last_sequence, footer->last_sequence);
    segment.frames_end = footer->frames_end;
    return true;
  }
  segment.events = footer->events;
  segment.priority_events = footer->priority_events;
  segment.last_sequence = footer->last_sequence;
  segment.frames_end = footer->frames_end;
  segment.first_id = footer->first_id;
  segment.last_id = footer->last_id;
  return true;
}

SegmentFooter footer_of(const Segment& segment, std::int64_t wall_ms, std::uint32_t crc) {
  return {.events = segment.events,
          .priority_events = segment.priority_events,
          .last_sequence = segment.last_sequence,
          .frames_end = segment.frames_end,
          .wall_ms = wall_ms,
          .first_id = segment.first_id,
          .last_id = segment.last_id,
          .frames_crc = crc};
}

// Copies what is to be kept of one segment behind what is there; false and errno if it cannot be read.
bool keep_events(Disk& disk, const std::string& path, const Segment& source, bool keep_all, Segment& kept,
                 std::string& out) {
  const OpenFile file(disk, path, kRead);
  if (!file) return false;
  BatchCodec codec(/*compress=*/false);
  SegmentReader reader(disk, file.fd(), kSegmentHeader, source.frames_end, source.first_sequence);
  const auto keep = [&](std::uint64_t sequence, bool priority, std::string_view event) {
    if ((!priority && !keep_all) || sequence <= kept.last_sequence) return;
    append_frame({FrameKind::kEvent, priority, sequence, event}, out);
    kept.last_sequence = sequence;
    ++kept.events;
    if (priority) ++kept.priority_events;
  };
  for (;;) {
    const SegmentReader::Item item = reader.next();
    if (item.found == SegmentReader::Found::kUnreadable) {
      errno = item.code;
      return false;
    }
    if (item.found == SegmentReader::Found::kEnd) return true;
    const auto content = content_of(item.frame);
    if (!content) continue;
    if (kept.first_id.empty()) kept.first_id = content->first_id;
    if (!content->last_id.empty()) kept.last_id = content->last_id;
    if (item.frame.kind == FrameKind::kEvent) {
      keep(item.frame.sequence, item.frame.priority, item.frame.payload);
    } else if (item.frame.kind == FrameKind::kBlock && (keep_all || content->priority_events > 0)) {
      Batch batch;
      if (!codec.decode(item.frame, 0, batch)) continue;
      std::size_t next = 0;
      for (std::size_t index = 0; index < batch.events(); ++index) {
        const bool priority = next < batch.priority.size() && batch.priority[next] == index;
        if (priority) ++next;
        keep(item.frame.sequence + index, priority, batch.event(index));
      }
    }
  }
}

}  // namespace

SegmentLoaded load_segment(Disk& disk, const std::string& path, std::uint64_t first_sequence, bool look_at_all) {
  SegmentLoaded loaded;
  const OpenFile file(disk, path, kRead);
  Segment segment;
  segment.first_sequence = first_sequence;
  segment.last_sequence = first_sequence - 1;
  if (file && load(disk, file.fd(), look_at_all, segment))
    loaded.segment = std::move(segment);
  else
    loaded.code = errno;
  return loaded;
}

int seal_segment(Disk& disk, const std::string& path, Segment& segment, std::int64_t wall_ms) {
  const OpenFile file(disk, path, kWrite);
  if (!file) return errno;
  const auto crc = crc_of(disk, file.fd(), kSegmentHeader, segment.frames_end);
  if (!crc) return errno;
  const std::string footer = encode_footer(footer_of(segment, wall_ms, *crc));
  const std::uint64_t end = segment.frames_end + footer.size();
  if (disk.ftruncate(file.fd(), segment.frames_end) != 0) return errno;
  if (!write_all(disk, file.fd(), footer.data(), footer.size(), segment.frames_end)) return errno;
  if (disk.fdatasync(file.fd()) != 0) return errno;
  segment.bytes = end;
  segment.torn_bytes = 0;
  segment.is_sealed = true;
  return 0;
}

std::optional<Segment> rewrite_segments(Disk& disk, const std::string& folder, std::span<const Segment> sources,
                                        bool keep_all) {
  Segment kept = sources.front();
  kept.is_thinned = true;
  kept.has_header = kept.is_sealed = true;
  kept.events = kept.priority_events = kept.damaged_bytes = kept.torn_bytes = 0;
  kept.last_sequence = kept.first_sequence - 1;
  kept.first_id.clear();
  kept.last_id.clear();
  std::string bytes = encode_header({kept.first_sequence, kept.made, kept.boot_id, true, kept.sink});
  for (const Segment& source : sources)
    if (!keep_events(disk, folder + '/' + segment_name(source.first_sequence), source, keep_all, kept, bytes))
      return std::nullopt;
  kept.last_wall_ms = sources.back().last_wall_ms;
  kept.last_sequence = sources.back().last_sequence;  // so that what is behind it is known to be the next
  kept.frames_end = bytes.size();
  const std::uint32_t crc = crc32c(0, std::string_view(bytes).substr(kSegmentHeader));
  bytes += encode_footer(footer_of(kept, kept.last_wall_ms, crc));
  kept.bytes = bytes.size();

  const std::string path = folder + '/' + segment_name(kept.first_sequence);
  const std::string beside = path + ".tmp";
  {
    const OpenFile file(disk, beside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC);
    if (!file) return std::nullopt;
    if (write_all(disk, file.fd(), bytes.data(), bytes.size(), 0) && disk.fdatasync(file.fd()) == 0 &&
        disk.rename(beside, path) == 0)
      return kept;
  }
  const int code = errno;
  disk.unlink(beside);
  errno = code;
  return std::nullopt;
}

}  // namespace naudit::output
