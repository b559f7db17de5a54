// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "stored/splitter.hpp"

#include <algorithm>

#include "formats/auditd/frame.hpp"
#include "stored/journal.hpp"

namespace naudit::stored {
namespace {

std::size_t garbage(std::string_view bytes, std::size_t size, Piece& piece) noexcept {
  piece = {.kind = Piece::Kind::kGarbage, .text = {}, .type = 0, .whole = bytes.substr(0, size)};
  return size;
}

}  // namespace

std::size_t Splitter::next(std::string_view bytes, bool at_end, Piece& piece) noexcept {
  if (bytes.empty()) return 0;
  if (form_ != Form::kLines && !in_long_line_ && (form_ == Form::kFrames || formats::may_start_frame(bytes[0]))) {
    formats::Frame frame;
    switch (formats::read_frame(bytes, frame)) {
      case formats::FrameResult::kWhole:
        seen_frame_ = true;
        in_damage_ = false;
        piece.kind = !frame.is_record || frame.text.empty() ? Piece::Kind::kNothing
                     : frame.type != 0                      ? Piece::Kind::kRecord
                                                            : Piece::Kind::kLine;
        piece.text = frame.text;
        piece.type = frame.type;
        piece.whole = bytes.substr(0, frame.size);
        return frame.size;
      case formats::FrameResult::kPartial:
        if (!at_end) return 0;
        return form_ == Form::kFrames ? next_frame(bytes, piece) : garbage(bytes, bytes.size(), piece);
      case formats::FrameResult::kNone:
        if (form_ == Form::kFrames) return next_frame(bytes, piece);
        break;
    }
  }
  if (form_ != Form::kFrames && !in_long_line_) {
    const std::string_view start = bytes.substr(0, kJournalEntryStart.size());
    if (start == kJournalEntryStart) return next_entry(bytes, at_end, piece);
    if (!at_end && kJournalEntryStart.starts_with(start)) return 0;
  }
  return next_line(bytes, at_end, piece);
}

std::size_t Splitter::next_entry(std::string_view bytes, bool at_end, Piece& piece) noexcept {
  const std::size_t size = journal_entry_size(bytes, at_end);
  if (size == 0) return bytes.size() < kLongest ? 0 : garbage(bytes, bytes.size(), piece);
  piece = {.kind = Piece::Kind::kEntry, .text = bytes.substr(0, size), .type = 0, .whole = bytes.substr(0, size)};
  return size;
}

// Damage, or a newline between two frames. Whether a frame starts at a byte is said by that byte and those behind it,
// so that it does not matter how much of them is there yet.
std::size_t Splitter::next_frame(std::string_view bytes, Piece& piece) noexcept {
  if (!in_damage_ && (bytes[0] == '\n' || bytes[0] == '\r')) {
    piece = {.kind = Piece::Kind::kNothing, .text = {}, .type = 0, .whole = bytes.substr(0, 1)};
    return 1;
  }
  in_damage_ = true;
  return garbage(bytes, std::min(formats::find_frame(bytes, 1, bytes.size()), bytes.size()), piece);
}

std::size_t Splitter::next_line(std::string_view bytes, bool at_end, Piece& piece) noexcept {
  std::size_t end = bytes.find('\n');
  if (seen_frame_) {
    // In a capture text may be what is left of a damaged frame, with a good one right behind it.
    const std::size_t frame = formats::find_frame(bytes, 1, end);
    if (frame != std::string_view::npos) {
      // A few bytes more may show that it is none.
      if (!at_end && bytes.size() - frame < formats::kFrameHeader) return 0;
      in_long_line_ = false;
      return garbage(bytes, frame, piece);
    }
  }
  if (end == std::string_view::npos) {
    if (!at_end && bytes.size() < kLongest) return 0;
    const bool is_cut = in_long_line_ || bytes.size() >= kLongest;
    in_long_line_ = !at_end;
    if (is_cut) return garbage(bytes, bytes.size(), piece);
    end = bytes.size();
  }
  const std::size_t size = std::min(end + 1, bytes.size());
  if (in_long_line_) {
    in_long_line_ = false;
    return garbage(bytes, size, piece);
  }
  std::string_view text = bytes.substr(0, end);
  if (text.ends_with('\r')) text.remove_suffix(1);
  piece.kind = text.empty() ? Piece::Kind::kNothing : Piece::Kind::kLine;
  piece.text = text;
  piece.type = 0;
  piece.whole = bytes.substr(0, size);
  return size;
}

}  // namespace naudit::stored
