// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// The part of the spool that hands out.
#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>

#include "output/spool/spool.hpp"

namespace naudit::output {

void Spool::close_reader() {
  if (reader_) disk_.close(reader_->fd());
  reader_.reset();
}

bool Spool::open_reader(Segment& segment, bool from_its_begin) {
  close_reader();
  const int fd = disk_.open(path(segment), O_RDONLY | O_NOFOLLOW | O_CLOEXEC, 0);
  if (fd < 0) {
    note(fmt::format("cannot read {}: {}", path(segment), std::generic_category().message(errno)));
    return false;
  }
  // What is missing between two segments was given up, and told then.
  handed_.sequence = std::max(handed_.sequence, segment.first_sequence - 1);
  const bool continues = !from_its_begin && handed_.segment == segment.first_sequence &&
                         handed_.offset >= kSegmentHeader && handed_.offset <= segment.frames_end;
  const std::uint64_t begin = continues ? handed_.offset : kSegmentHeader;
  const std::uint64_t expected = continues ? handed_.sequence + 1 : segment.first_sequence;
  reader_.emplace(disk_, fd, begin, segment.frames_end, expected);
  reader_segment_ = segment.first_sequence;
  reader_seen_ = 0;
  reader_is_unproven_ = continues;
  mark_first_.clear();
  mark_last_.clear();
  return true;
}

// The segment that has the next event, open for reading; null: there is none.
Segment* Spool::reading() {
  for (Segment& segment : segments_) {
    if (segment.last_sequence <= handed_.sequence) continue;
    if (reader_ && reader_segment_ == segment.first_sequence) {
      reader_->extend(segment.frames_end);
      return &segment;
    }
    if (open_reader(segment, /*from_its_begin=*/false)) return &segment;
    finish_segment(segment);
  }
  return nullptr;
}

// It has no more that could be read: what is missing at its end is lost.
void Spool::finish_segment(Segment& segment) {
  std::uint64_t missing = segment.last_sequence - std::max(handed_.sequence, segment.first_sequence - 1);
  // Where events were given up before, numbers are missing that are no damage.
  if (segment.is_thinned) missing = segment.is_damaged() ? segment.events - std::min(segment.events, reader_seen_) : 0;
  if (missing > 0) {
    segment.damaged_bytes = std::max<std::uint64_t>(segment.damaged_bytes, 1);
    lose(kDamaged, missing, {}, segment.last_id);
  }
  handed_ = {segment.last_sequence, segment.first_sequence, segment.frames_end};
  close_reader();
}

Spool::Taken Spool::next() {
  const auto batch = std::make_shared<Batch>();
  Cursor end = handed_;
  for (Segment* segment = reading(); segment != nullptr; segment = reading()) {
    end = batch->events() == 0 ? handed_ : end;
    SegmentReader::Item item = reader_->next();
    const bool is_frame = item.found == SegmentReader::Found::kFrame;
    const bool follows = is_frame && item.skipped == 0 && item.frame.sequence <= end.sequence + 1;
    if (std::exchange(reader_is_unproven_, false) && !follows) {
      // The position points anywhere; the sequence is what counts.
      if (!open_reader(*segment, /*from_its_begin=*/true)) finish_segment(*segment);
      continue;
    }
    if (item.found == SegmentReader::Found::kUnreadable)
      note(fmt::format("cannot read {}: {}", path(*segment), std::generic_category().message(item.code)));
    segment->damaged_bytes += item.skipped;
    if (!is_frame) {
      if (batch->events() > 0) break;  // the end is found again at the next call
      finish_segment(*segment);
      continue;
    }
    const auto content = content_of(item.frame);
    const std::uint64_t behind = item.frame.sequence + (content ? content->events : 0);  // of the frame
    if (item.frame.sequence > end.sequence + 1 && !segment->is_thinned) {
      if (batch->events() > 0) {
        reader_->back_to(item);
        break;
      }
      segment->damaged_bytes = std::max<std::uint64_t>(segment->damaged_bytes, 1);
      lose(kDamaged, item.frame.sequence - end.sequence - 1);
      handed_ = end = {item.frame.sequence - 1, segment->first_sequence, item.begin};
    }
    if (item.frame.kind == FrameKind::kMark || !content) {
      if (batch->events() > 0) {
        reader_->back_to(item);
        break;
      }
      if (content) {
        mark_first_ = content->first_id;
        mark_last_ = content->last_id;
      }
      continue;
    }
    if (behind <= end.sequence + 1) continue;  // handed out before
    reader_seen_ += content->events;
    if (item.frame.kind == FrameKind::kEvent) {
      append_event(*batch, item.frame.payload, item.frame.priority);
      end = {item.frame.sequence, segment->first_sequence, item.end};
      if (batch->bytes.size() < kReadBytes) continue;
      break;
    }
    if (batch->events() > 0) {
      reader_seen_ -= content->events;
      reader_->back_to(item);
      break;
    }
    if (codec_.decode(item.frame, end.sequence + 1, *batch)) {
      mark_first_ = content->first_id;
      mark_last_ = content->last_id;
      end = {behind - 1, segment->first_sequence, item.end};
      break;
    }
    segment->damaged_bytes += item.end - item.begin;
    lose(kDamaged, behind - 1 - end.sequence, content->first_id, content->last_id);
    handed_ = {behind - 1, segment->first_sequence, item.end};
  }
  if (batch->events() == 0) return {nullptr, handed_};
  batch->first_id = mark_first_;
  batch->last_id = mark_last_;
  const auto segment = std::ranges::find(segments_, end.segment, &Segment::first_sequence);
  // Behind its last event there may be numbers of events that were given up.
  if (segment->is_thinned && reader_->at() >= segment->frames_end) end.sequence = segment->last_sequence;
  handed_ = end;
  return {batch, end};
}

}  // namespace naudit::output
