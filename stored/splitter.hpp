// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace naudit::stored {

// One record's worth of a stored log, not looked into yet. Views into the bytes that were given.
struct Piece {
  enum class Kind : std::uint8_t {
    kLine,     // a line of text, without its end
    kRecord,   // the kernel's bare text; `type` says what it is
    kNothing,  // an empty line, a heartbeat: nothing to convert, and nothing wrong
    kEntry,    // one of `journalctl -o export`; `text` is all of it
    kGarbage,  // neither: a damaged frame, the rest of a capture that was cut, a line beyond all measure
  };

  Kind kind = Kind::kLine;
  std::string_view text;
  std::uint16_t type = 0;
  std::string_view whole;  // all of it, as it stood in the input
};

// Cuts the bytes of a stored log into pieces: lines, entries of a journal, and the frames of frame.hpp, whichever stand
// there.
//
// Owner: whoever reads the log, one for each file. Pure.
class Splitter {
 public:
  enum class Form : std::uint8_t {
    kAny,     // found out piece by piece
    kLines,   // text only, entries too
    kFrames,  // frames only: what does not start one is damage, up to the next that does
  };
  // A line that is longer is no audit record, nor an event of ours: 65,536 arguments take less.
  static constexpr std::size_t kLongest = std::size_t{16} * 1024 * 1024;

  explicit Splitter(Form form) : form_(form) {}

  // Takes one piece off the front and says how many bytes it was; 0: its end is not there yet (never at_end, unless
  // there is nothing left).
  std::size_t next(std::string_view bytes, bool at_end, Piece& piece) noexcept;

 private:
  std::size_t next_frame(std::string_view bytes, Piece& piece) noexcept;
  std::size_t next_entry(std::string_view bytes, bool at_end, Piece& piece) noexcept;
  std::size_t next_line(std::string_view bytes, bool at_end, Piece& piece) noexcept;

  Form form_;
  bool seen_frame_ = false;
  bool in_long_line_ = false;
  bool in_damage_ = false;  // frames only: a newline is then no border
};

}  // namespace naudit::stored
