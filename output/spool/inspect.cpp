// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/spool/inspect.hpp"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <span>
#include <system_error>

#include <fmt/format.h>

#include "base/error.hpp"
#include "output/batch.hpp"
#include "output/spool/batch_codec.hpp"
#include "output/spool/segment_reader.hpp"

namespace naudit::output {
namespace {

namespace fs = std::filesystem;

constexpr int kRead = O_RDONLY | O_NOFOLLOW | O_CLOEXEC;

// Closed with its owner.
class Fd {
 public:
  Fd(Disk& disk, int fd) : disk_(disk), fd_(fd) {}
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() {
    if (fd_ >= 0) disk_.close(fd_);
  }
  [[nodiscard]] int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }

 private:
  Disk& disk_;
  int fd_;
};

[[noreturn]] void fail(const std::string& what, int code) {
  throw base::Error(what + ": " + std::generic_category().message(code));
}

std::optional<CursorSlot> read_cursor(Disk& disk, const std::string& folder) {
  const Fd fd(disk, disk.open(folder + "/cursor", kRead, 0));
  std::array<char, kCursorFile> bytes{};
  if (!fd) return std::nullopt;
  const ssize_t size = disk.pread(fd.get(), bytes.data(), bytes.size(), 0);
  return size < 0 ? std::nullopt : parse_cursor({bytes.data(), static_cast<std::size_t>(size)});
}

// Nobody else can have it while this is there; false: somebody has.
bool lock(Disk& disk, const Fd& fd) {
  return fd && disk.lock(fd.get()) == 0;
}

}  // namespace

bool is_spool(const std::string& folder) {
  std::error_code error;
  return fs::exists(folder + "/cursor", error) || fs::exists(folder + "/lock", error);
}

std::vector<std::string> spools_below(const std::string& folder) {
  std::vector<std::string> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.is_directory(error) && is_spool(entry.path().string())) found.push_back(entry.path().string());
  std::ranges::sort(found);
  return found;
}

bool SpoolReport::is_sound() const {
  const bool has_events =
      std::ranges::any_of(segments, [](const SegmentReport& one) { return one.segment.has_value(); });
  if (!set_aside.empty() || (has_events && !cursor)) return false;
  return std::ranges::all_of(segments, [this](const SegmentReport& one) {
    const bool is_last = &one == &segments.back();
    return one.segment && !one.segment->is_damaged() && (one.segment->torn_bytes == 0 || (is_in_use && is_last));
  });
}

SpoolReport inspect_spool(Disk& disk, const std::string& folder, bool look_at_all) {
  SpoolReport report;
  report.folder = folder;
  std::vector<std::string> names;
  if (disk.list(folder, names) != 0) fail("cannot read " + folder, errno);
  std::ranges::sort(names);
  if (const auto slot = read_cursor(disk, folder)) report.cursor = slot->cursor;
  {
    const Fd file(disk, disk.open(folder + "/lock", kRead, 0));
    report.is_in_use = file && !lock(disk, file) && errno == EWOULDBLOCK;
  }
  const std::uint64_t confirmed = report.cursor ? report.cursor->sequence : 0;
  for (const std::string& name : names) {
    if (name.ends_with(".bad")) {
      std::error_code error;
      report.set_aside.push_back(name);
      report.bytes += fs::file_size(folder + '/' + name, error);
    }
    const auto sequence = parse_segment_name(name);
    if (!sequence) continue;
    SegmentLoaded loaded = load_segment(disk, folder + '/' + name, *sequence, look_at_all);
    if (loaded.code == ENOENT) continue;  // delivered meanwhile
    if (loaded.segment) {
      const Segment& segment = *loaded.segment;
      report.bytes += segment.bytes;
      report.events += segment.events;
      if (segment.last_sequence > confirmed)
        report.waiting +=
            std::min(segment.events, segment.last_sequence - std::max(confirmed, segment.first_sequence - 1));
    }
    report.segments.push_back({name, std::move(loaded.segment), loaded.code});
  }
  return report;
}

void read_spool(Disk& disk, const std::string& folder, bool all, const std::function<bool(std::string_view)>& take) {
  const SpoolReport report = inspect_spool(disk, folder, /*look_at_all=*/false);
  std::uint64_t next = all || !report.cursor ? 1 : report.cursor->sequence + 1;
  BatchCodec codec(/*compress=*/false);
  for (const SegmentReport& one : report.segments) {
    if (!one.segment || one.segment->last_sequence < next) continue;
    const Fd fd(disk, disk.open(folder + '/' + one.name, kRead, 0));
    if (!fd && errno == ENOENT) continue;
    if (!fd) fail("cannot read " + folder + '/' + one.name, errno);
    SegmentReader reader(disk, fd.get(), kSegmentHeader, one.segment->frames_end, one.segment->first_sequence);
    for (auto item = reader.next(); item.found == SegmentReader::Found::kFrame; item = reader.next()) {
      Batch batch;
      if (item.frame.kind == FrameKind::kEvent && item.frame.sequence >= next)
        append_event(batch, item.frame.payload, item.frame.priority);
      else if (item.frame.kind == FrameKind::kBlock && !codec.decode(item.frame, next, batch))
        continue;
      for (std::size_t index = 0; index < batch.events(); ++index)
        if (!take(batch.event(index))) return;
    }
    next = one.segment->last_sequence + 1;
  }
}

std::vector<std::string> repair_spool(Disk& disk, const std::string& folder) {
  const Fd file(disk, disk.open(folder + "/lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) fail("cannot open " + folder + "/lock", errno);
  if (!lock(disk, file)) throw base::Error(folder + " is in use; stop nauditd first");
  const SpoolReport report = inspect_spool(disk, folder, /*look_at_all=*/true);
  std::vector<std::string> done;
  for (const SegmentReport& one : report.segments) {
    const std::string path = folder + '/' + one.name;
    if (!one.segment) fail("cannot read " + path, one.code);
    Segment segment = *one.segment;
    if (segment.is_damaged()) {
      std::error_code error;
      fs::copy_file(path, path + ".bad", fs::copy_options::overwrite_existing, error);
      if (error) throw base::Error("cannot copy " + path + ": " + error.message());
      const auto kept = rewrite_segments(disk, folder, std::span(&segment, 1), /*keep_all=*/true);
      if (!kept) fail("cannot write " + path, errno);
      done.push_back(fmt::format("{}: damaged; {} events could be read, and the file as it was is {}.bad", one.name,
                                 kept->events, one.name));
    } else if (segment.events == 0) {
      if (disk.unlink(path) != 0) fail("cannot remove " + path, errno);
      done.push_back(fmt::format("{}: without any event, removed", one.name));
    } else if (!segment.is_sealed) {
      const std::uint64_t torn = segment.torn_bytes;
      if (const int code = seal_segment(disk, path, segment, segment.last_wall_ms); code != 0)
        fail("cannot write " + path, code);
      done.push_back(fmt::format("{}: ended behind {} events; {} bytes that are no whole event are cut off", one.name,
                                 segment.events, torn));
    }
  }
  if (report.cursor || report.segments.empty()) return done;
  const std::string path = folder + "/cursor";
  const Fd cursor(disk, disk.open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  const std::uint64_t first = report.segments.front().segment->first_sequence;
  std::string bytes(kCursorFile, '\0');
  bytes.replace(0, kCursorSlot, encode_slot({2, {first - 1, first, kSegmentHeader}}));
  if (!cursor || !write_all(disk, cursor.get(), bytes.data(), bytes.size(), 0) || disk.fdatasync(cursor.get()) != 0)
    fail("cannot write " + path, errno);
  done.emplace_back("cursor: the position was lost; it is the oldest event now");
  return done;
}

}  // namespace naudit::output
