// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// The part of the spool that keeps its limits.
#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>

#include <fmt/format.h>

#include "output/spool/spool.hpp"

namespace naudit::output {
namespace {

constexpr std::int64_t kSegmentsInAge = 8;  // so that a quiet host has no events of all ages in one
constexpr std::int64_t kLeastSealAge = 60'000;
constexpr std::int64_t kLookAtSpaceEvery = 1000;
constexpr std::uint64_t kPercent = 100;
// A machine without a clock says 1970 until it has asked somebody; such a time tells no age.
constexpr std::int64_t kBeforeThisIsNoTime = 1'577'836'800'000;  // 2020

}  // namespace

// What is handed out may still be delivered, and must stay until it is confirmed.
bool Spool::may_give_up(const Segment& segment) const noexcept {
  return !is_active(segment) && segment.first_sequence > handed_.sequence;
}

bool Spool::is_confirmed(const Segment& segment) const noexcept {
  return !is_active(segment) && segment.last_sequence <= cursor_.cursor.sequence;
}

std::int64_t Spool::age_of(const Segment& segment, SpoolTime now) const {
  std::int64_t age = segment.last_wall_ms < kBeforeThisIsNoTime ? 0 : now.wall_ms - segment.last_wall_ms;
  // Whatever happened to the machine's time since then.
  if (segment.boot_id == options_.boot_id) age = std::min(age, now.boot_ms - segment.made.boot_ms);
  return std::max<std::int64_t>(age, 0);
}

std::int64_t Spool::age_ms(SpoolTime now) const {
  for (const Segment& segment : segments_) {
    if (segment.last_sequence <= cursor_.cursor.sequence) continue;
    if (segment.boot_id == options_.boot_id) return std::max<std::int64_t>(now.boot_ms - segment.made.boot_ms, 0);
    return segment.made.wall_ms < kBeforeThisIsNoTime ? 0
                                                      : std::max<std::int64_t>(now.wall_ms - segment.made.wall_ms, 0);
  }
  return 0;
}

// Bytes that may still be written.
std::int64_t Spool::room(SpoolTime now) {
  if (looked_at_space_ < 0 || now.boot_ms - looked_at_space_ >= kLookAtSpaceEvery) {
    looked_at_space_ = now.boot_ms;
    Disk::Space space;
    const bool is_known = disk_.space(options_.folder, space) == 0;
    const std::uint64_t kept = space.total / kPercent * options_.limits.keep_free;
    disk_room_ = is_known ? static_cast<std::int64_t>(space.free) - static_cast<std::int64_t>(kept)
                          : std::numeric_limits<std::int64_t>::max() / 2;
  }
  return std::min(static_cast<std::int64_t>(options_.limits.size) - static_cast<std::int64_t>(bytes()), disk_room_);
}

// Nothing is given up where that does not help: others may have filled the disk.
bool Spool::make_room(std::int64_t needed, SpoolTime now) {
  if (needed <= room(now)) return true;
  std::uint64_t possible = 0;
  for (const Segment& segment : segments_)
    if (may_give_up(segment) || is_confirmed(segment)) possible += segment.bytes;
  for (const BadFile& file : bad_) possible += file.bytes;
  if (room(now) + static_cast<std::int64_t>(possible) < needed) return false;
  while (needed > room(now))
    if (!give_up_one()) return false;
  return true;
}

bool Spool::give_up_one() {
  if (std::ranges::any_of(segments_, [this](const Segment& one) { return is_confirmed(one); })) {
    remove_confirmed(cursor_.cursor.sequence);
    return true;
  }
  if (!bad_.empty()) {
    const BadFile file = bad_.front();
    bad_.pop_front();
    note(fmt::format("{} is removed to make room", file.name));
    if (disk_.unlink(path(file.name)) == 0) disk_room_ += static_cast<std::int64_t>(file.bytes);
    return true;
  }
  for (const bool thinned : {false, true}) {
    const auto found = std::ranges::find_if(
        segments_, [this, thinned](const Segment& one) { return may_give_up(one) && one.is_thinned == thinned; });
    if (found == segments_.end()) continue;
    const auto index = static_cast<std::size_t>(found - segments_.begin());
    if (thinned || found->priority_events == 0 || !thin_out(index)) give_up(index, kFull);
    return true;
  }
  return false;
}

void Spool::give_up(std::size_t index, std::string_view cause) {
  const Segment& segment = segments_[index];
  lose(cause, segment.events, segment.first_id, segment.last_id);
  remove(index);
}

// Neighbours that were thinned out before become one, so that there are not ever more small files.
bool Spool::thin_out(std::size_t index) {
  const bool joins = index > 0 && segments_[index - 1].is_thinned && may_give_up(segments_[index - 1]) &&
                     segments_[index - 1].bytes < segment_bytes_;
  const std::size_t first = joins ? index - 1 : index;
  const std::vector<Segment> sources(segments_.begin() + static_cast<std::ptrdiff_t>(first),
                                     segments_.begin() + static_cast<std::ptrdiff_t>(index) + 1);
  const auto kept = rewrite_segments(disk_, options_.folder, sources, /*keep_all=*/false);
  if (!kept) return false;
  std::uint64_t events = 0;
  for (const Segment& one : sources) {
    events += one.events;
    disk_room_ += static_cast<std::int64_t>(one.bytes);
    if (reader_ && reader_segment_ == one.first_sequence) close_reader();
  }
  disk_room_ -= static_cast<std::int64_t>(kept->bytes);
  folder_dirty_ = true;
  lose(kFull, events - std::min(events, kept->events), sources.back().first_id, sources.back().last_id);
  segments_[first] = *kept;
  if (joins) {
    disk_.unlink(path(segments_[index]));
    segments_.erase(segments_.begin() + static_cast<std::ptrdiff_t>(index));
  }
  return true;
}

// Damage is kept as evidence, as long as there is room for it. No sync of the folder for this alone: one that a power
// cut brings back lies behind the synced position, or is delivered though it was counted as lost.
void Spool::remove(std::size_t index) {
  const Segment segment = segments_[index];
  if (reader_ && reader_segment_ == segment.first_sequence) close_reader();
  segments_.erase(segments_.begin() + static_cast<std::ptrdiff_t>(index));
  if (segment.is_damaged())
    set_aside(segment_name(segment.first_sequence), segment.bytes);
  else if (disk_.unlink(path(segment)) == 0)
    disk_room_ += static_cast<std::int64_t>(segment.bytes);
  else if (errno != ENOENT)
    note(fmt::format("cannot remove {}: {}", path(segment), std::generic_category().message(errno)));
}

void Spool::set_aside(const std::string& name, std::uint64_t bytes) {
  ++damaged_;
  const std::string bad = name + ".bad";
  if (disk_.rename(path(name), path(bad)) != 0)
    return note(
        fmt::format("{} is damaged and cannot be renamed: {}", path(name), std::generic_category().message(errno)));
  bad_.push_back({bad, bytes});
  note(fmt::format("{} is damaged; what can be read of it is delivered, and it is kept as {}", path(name), bad));
}

void Spool::remove_confirmed(std::uint64_t confirmed) {
  for (std::size_t index = 0; index < segments_.size();)
    if (!is_active(segments_[index]) && segments_[index].last_sequence <= confirmed)
      remove(index);
    else
      ++index;
}

void Spool::expire(SpoolTime now) {
  if (std::ranges::any_of(segments_, [this](const Segment& one) { return is_confirmed(one); })) wants_removal_ = true;
  const std::int64_t most = options_.limits.age.count();
  if (most == 0) return;
  if (active_fd_ >= 0 && segments_.back().events > 0 &&
      now.boot_ms - segments_.back().made.boot_ms > std::max(most / kSegmentsInAge, kLeastSealAge))
    if (const SpoolProblem problem = seal(now)) note(problem.text);
  for (std::size_t index = 0; index < segments_.size();)
    if (may_give_up(segments_[index]) && age_of(segments_[index], now) > most)
      give_up(index, kTooOld);
    else
      ++index;
}

}  // namespace naudit::output
