// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace naudit::output {

inline constexpr std::size_t kCursorSlot = 64;
inline constexpr std::size_t kCursorFile = 2 * kCursorSlot;

// How far a sink's peer has confirmed. The sequence is what counts; segment and offset only find it faster. It can be
// derived again: without it everything that is there is delivered, from the oldest on.
struct Cursor {
  std::uint64_t sequence = 0;  // the last confirmed; 0: none
  std::uint64_t segment = 0;   // first sequence of the segment that the next one is in
  std::uint64_t offset = 0;    // of the frame there
  friend bool operator==(const Cursor&, const Cursor&) = default;
};

// The two slots are written in turns, so that one is whole whatever happens to the other. Pure; any thread.
struct CursorSlot {
  std::uint64_t generation = 0;  // the higher counts; the slot is generation % 2
  Cursor cursor;
  friend bool operator==(const CursorSlot&, const CursorSlot&) = default;
};
std::string encode_slot(const CursorSlot& slot);
// The newer of the valid ones; nothing if none is.
std::optional<CursorSlot> parse_cursor(std::string_view file);

}  // namespace naudit::output
