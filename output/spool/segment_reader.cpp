// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/spool/segment_reader.hpp"

#include <algorithm>
#include <cerrno>

#include "output/spool/batch_codec.hpp"

namespace naudit::output {
namespace {

constexpr std::size_t kReadBytes = std::size_t{256} << 10;
// A frame that follows damage may be so many events further on.
constexpr std::uint64_t kMostMissing = std::uint64_t{1} << 26;
// Bytes that look like the heads of large frames must not make the search endless.
constexpr std::uint64_t kMostEffort = std::uint64_t{512} << 20;

}  // namespace

SegmentReader::SegmentReader(Disk& disk, int fd, std::uint64_t begin, std::uint64_t end, std::uint64_t expected)
    : disk_(disk), fd_(fd), at_(begin), end_(end), expected_(expected) {}

std::string_view SegmentReader::bytes_at(std::uint64_t offset) const noexcept {
  if (offset < buffer_at_ || offset > buffer_at_ + buffer_.size()) return {};
  return std::string_view(buffer_).substr(static_cast<std::size_t>(offset - buffer_at_));
}

bool SegmentReader::window(std::uint64_t offset, std::size_t size) {
  const std::uint64_t left = end_ - offset;
  if (bytes_at(offset).size() >= std::min<std::uint64_t>(size, left)) return true;
  const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left, std::max(size, kReadBytes)));
  buffer_.resize(wanted);
  buffer_at_ = offset;
  if (read_all(disk_, fd_, buffer_.data(), wanted, offset)) return true;
  code_ = errno;
  buffer_.clear();
  return false;
}

FrameFound SegmentReader::frame_at(std::uint64_t offset, Item& item) {
  if (!window(offset, kFrameHead)) return FrameFound::kShort;
  std::size_t size = 0;
  FrameFound found = parse_frame(bytes_at(offset), item.frame, size);
  if (found == FrameFound::kShort && offset + size <= end_) {
    if (!window(offset, size)) return FrameFound::kShort;
    found = parse_frame(bytes_at(offset), item.frame, size);
  }
  item.begin = offset;
  item.end = offset + size;
  return found;
}

// The next whole frame at `from` or behind it. Only a head that can follow is worth the sum over its payload.
bool SegmentReader::look_further(std::uint64_t from, Item& item) {
  for (std::uint64_t offset = from; offset + kFrameHead <= end_ && effort_ < kMostEffort; ++offset) {
    if (bytes_at(offset).size() < kFrameHead && !window(offset, kFrameHead)) return false;
    std::size_t size = 0;
    const auto frame = peek_frame(bytes_at(offset), size);
    if (!frame || frame->sequence < expected_ || frame->sequence - expected_ > kMostMissing || offset + size > end_)
      continue;
    effort_ += size;
    if (frame_at(offset, item) == FrameFound::kFrame) return true;
    if (code_ != 0) return false;
  }
  return false;
}

SegmentReader::Item SegmentReader::next() {
  Item item;
  item.begin = item.end = at_;
  if (at_ >= end_) return item;
  bool found = frame_at(at_, item) == FrameFound::kFrame && item.frame.sequence >= expected_;
  if (!found && code_ == 0) found = look_further(at_ + 1, item);
  if (!found) {
    item = Item{.found = Found::kEnd, .frame = {}, .begin = at_, .end = end_, .skipped = end_ - at_, .code = code_};
    if (code_ != 0) item.found = Found::kUnreadable;
    at_ = end_;
    return item;
  }
  item.found = Found::kFrame;
  item.skipped = item.begin - at_;
  at_ = item.end;
  const auto content = content_of(item.frame);
  expected_ = item.frame.sequence + (content ? content->events : 0);
  return item;
}

void SegmentReader::back_to(const Item& item) noexcept {
  at_ = item.begin;
  expected_ = item.frame.sequence;
}

}  // namespace naudit::output
