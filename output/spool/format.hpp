// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

// The bytes of a spool's files. All numbers are little-endian.
//
//   segment  header (128 bytes), frames, and once it is sealed a footer (152 bytes)
//   frame    u32 length and kind | u32 CRC-32C of length, sequence and payload | u64 sequence | payload
//   cursor   two slots of 64 bytes, of which the newer valid one counts (cursor.hpp)
//
// Each event has a sequence number, and they have no gaps, so that what damage has cost can be counted. A segment that
// was thinned out has them: of it only the events with priority are left.
// All pure; any thread.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace naudit::output {

inline constexpr std::size_t kFrameHead = 16;
inline constexpr std::size_t kFrameMost = std::size_t{16} << 20;  // of payload
inline constexpr std::uint64_t kSequenceMost = std::uint64_t{1} << 62;
inline constexpr std::size_t kSegmentHeader = 128;
inline constexpr std::size_t kSegmentFooter = 152;

enum class FrameKind : std::uint8_t {
  kEvent,  // one event, with its newline
  kMark,   // ids of the events that follow; its sequence is that of the first of them, and it uses up none
  kBlock,  // compressed events, of which the first has the frame's sequence
};

struct Frame {
  FrameKind kind = FrameKind::kEvent;
  bool priority = false;  // of an event
  std::uint64_t sequence = 0;
  std::string_view payload;
};

// `payload` is at most kFrameMost.
void append_frame(const Frame& frame, std::string& out);

enum class FrameFound : std::uint8_t {
  kFrame,
  kShort,  // it goes on behind the end of `bytes`
  kBad,
};
// The frame that `bytes` begins with. `size` is that of all of it, head included; of kShort what is needed at least.
FrameFound parse_frame(std::string_view bytes, Frame& out, std::size_t& size);
// Its sequence and kind, without a look at the payload; `bytes` has a head. Nothing if there cannot be a frame.
std::optional<Frame> peek_frame(std::string_view bytes, std::size_t& size);

// When something was written, by two clocks: the machine's time may jump, and the other one ends with the boot.
struct SpoolTime {
  std::int64_t wall_ms = 0;  // since 1970
  std::int64_t boot_ms = 0;  // since the boot that boot_id names (CLOCK_BOOTTIME)
  friend bool operator==(const SpoolTime&, const SpoolTime&) = default;
};
using BootId = std::array<char, 16>;

struct SegmentHeader {
  std::uint64_t first_sequence = 0;
  SpoolTime made;
  BootId boot_id{};
  bool is_thinned = false;
  std::string sink;  // at most 64 bytes
  friend bool operator==(const SegmentHeader&, const SegmentHeader&) = default;
};
std::string encode_header(const SegmentHeader& header);
std::optional<SegmentHeader> parse_header(std::string_view bytes);

struct SegmentFooter {
  std::uint64_t events = 0;
  std::uint64_t priority_events = 0;  // of these
  std::uint64_t last_sequence = 0;
  std::uint64_t frames_end = 0;  // where the footer begins
  std::int64_t wall_ms = 0;      // of the last write
  std::string first_id, last_id;
  std::uint32_t frames_crc = 0;  // CRC-32C of everything from the header to the footer
  friend bool operator==(const SegmentFooter&, const SegmentFooter&) = default;
};
std::string encode_footer(const SegmentFooter& footer);
// `bytes` are the last ones of a file of this size.
std::optional<SegmentFooter> parse_footer(std::string_view bytes, std::uint64_t file_size);

// "00000000000000000042.seg", by the first sequence.
std::string segment_name(std::uint64_t first_sequence);
std::optional<std::uint64_t> parse_segment_name(std::string_view name);

// Little-endian numbers, and texts of at most 255 bytes behind their length.
void append_u32(std::string& out, std::uint32_t value);
void append_u64(std::string& out, std::uint64_t value);
void append_text(std::string& out, std::string_view text);
std::uint32_t u32_at(std::string_view bytes, std::size_t offset) noexcept;
std::uint64_t u64_at(std::string_view bytes, std::size_t offset) noexcept;
// Takes the text off the front; nothing if it is not all there.
std::optional<std::string_view> take_text(std::string_view& bytes);

}  // namespace naudit::output
