// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/spool/format.hpp"

#include <charconv>

#include <fmt/format.h>

#include "output/spool/crc32c.hpp"

namespace naudit::output {
namespace {

constexpr std::uint32_t kLengthBits = (1U << 25U) - 1;
constexpr std::uint32_t kKindShift = 28;
constexpr std::uint32_t kKindBits = 3U << kKindShift;
constexpr std::uint32_t kPriorityBit = 1U << 31U;
constexpr std::uint32_t kVersion = 1;
constexpr std::uint32_t kThinnedFlag = 1;
constexpr std::string_view kHeaderMagic = "NAUDSPL1";
constexpr std::string_view kFooterMagic = "NAUDSEAL";
constexpr std::string_view kSuffix = ".seg";
constexpr std::size_t kSinkField = 64;
constexpr std::size_t kIdField = 48;  // a byte of length, and the id
constexpr std::size_t kNameDigits = 20;

template <typename Number>
void append_number(std::string& out, Number value) {
  for (std::size_t byte = 0; byte < sizeof value; ++byte) out += static_cast<char>((value >> (8 * byte)) & 0xFFU);
}

template <typename Number>
Number number_at(std::string_view bytes, std::size_t offset) noexcept {
  Number value = 0;
  for (std::size_t byte = sizeof value; byte-- > 0;)
    value = static_cast<Number>((value << 8U) | static_cast<unsigned char>(bytes[offset + byte]));
  return value;
}

std::uint32_t frame_crc(std::string_view length, std::string_view sequence, std::string_view payload) {
  return crc32c(crc32c(crc32c(0, length), sequence), payload);
}

void append_field(std::string& out, std::string_view text, std::size_t size) {
  out += text.substr(0, size);
  out.append(size - std::min(size, text.size()), '\0');
}

void append_id(std::string& out, std::string_view id) {
  id = id.substr(0, kIdField - 1);
  out += static_cast<char>(id.size());
  append_field(out, id, kIdField - 1);
}

std::string id_at(std::string_view bytes, std::size_t offset) {
  const auto size = static_cast<unsigned char>(bytes[offset]);
  return std::string(bytes.substr(offset + 1, std::min<std::size_t>(size, kIdField - 1)));
}

bool has_own_crc(std::string_view bytes) {
  const std::size_t at = bytes.size() - sizeof(std::uint32_t);
  return u32_at(bytes, at) == crc32c(0, bytes.substr(0, at));
}

}  // namespace

void append_u32(std::string& out, std::uint32_t value) {
  append_number(out, value);
}
void append_u64(std::string& out, std::uint64_t value) {
  append_number(out, value);
}
std::uint32_t u32_at(std::string_view bytes, std::size_t offset) noexcept {
  return number_at<std::uint32_t>(bytes, offset);
}
std::uint64_t u64_at(std::string_view bytes, std::size_t offset) noexcept {
  return number_at<std::uint64_t>(bytes, offset);
}

void append_text(std::string& out, std::string_view text) {
  text = text.substr(0, 255);
  out += static_cast<char>(text.size());
  out += text;
}

std::optional<std::string_view> take_text(std::string_view& bytes) {
  if (bytes.empty()) return std::nullopt;
  const std::size_t size = static_cast<unsigned char>(bytes.front());
  if (bytes.size() < 1 + size) return std::nullopt;
  const std::string_view text = bytes.substr(1, size);
  bytes.remove_prefix(1 + size);
  return text;
}

void append_frame(const Frame& frame, std::string& out) {
  const auto length = static_cast<std::uint32_t>(frame.payload.size()) |
                      (static_cast<std::uint32_t>(frame.kind) << kKindShift) | (frame.priority ? kPriorityBit : 0);
  const std::size_t begin = out.size();
  append_u32(out, length);
  append_u32(out, 0);
  append_u64(out, frame.sequence);
  const std::string_view head(out.data() + begin, kFrameHead);
  const std::uint32_t crc = frame_crc(head.substr(0, 4), head.substr(8, 8), frame.payload);
  for (std::size_t byte = 0; byte < sizeof crc; ++byte)
    out[begin + 4 + byte] = static_cast<char>((crc >> (8 * byte)) & 0xFFU);
  out += frame.payload;
}

std::optional<Frame> peek_frame(std::string_view bytes, std::size_t& size) {
  const std::uint32_t word = u32_at(bytes, 0);
  const std::uint32_t length = word & kLengthBits;
  const std::uint32_t kind = (word & kKindBits) >> kKindShift;
  const bool is_known = (word & ~(kLengthBits | kKindBits | kPriorityBit)) == 0;
  if (!is_known || length > kFrameMost || kind > static_cast<std::uint32_t>(FrameKind::kBlock)) return std::nullopt;
  size = kFrameHead + length;
  return Frame{static_cast<FrameKind>(kind), (word & kPriorityBit) != 0, u64_at(bytes, 8), {}};
}

FrameFound parse_frame(std::string_view bytes, Frame& out, std::size_t& size) {
  size = kFrameHead;
  if (bytes.size() < kFrameHead) return FrameFound::kShort;
  const auto frame = peek_frame(bytes, size);
  if (!frame) return FrameFound::kBad;
  if (bytes.size() < size) return FrameFound::kShort;
  out = *frame;
  out.payload = bytes.substr(kFrameHead, size - kFrameHead);
  const bool is_whole = frame_crc(bytes.substr(0, 4), bytes.substr(8, 8), out.payload) == u32_at(bytes, 4);
  return is_whole ? FrameFound::kFrame : FrameFound::kBad;
}

std::string encode_header(const SegmentHeader& header) {
  std::string out(kHeaderMagic);
  append_u32(out, kVersion);
  append_u32(out, header.is_thinned ? kThinnedFlag : 0);
  append_u64(out, header.first_sequence);
  append_u64(out, static_cast<std::uint64_t>(header.made.wall_ms));
  append_u64(out, static_cast<std::uint64_t>(header.made.boot_ms));
  out.append(header.boot_id.data(), header.boot_id.size());
  append_field(out, header.sink, kSinkField);
  out.resize(kSegmentHeader - sizeof(std::uint32_t), '\0');
  append_u32(out, crc32c(0, out));
  return out;
}

std::optional<SegmentHeader> parse_header(std::string_view bytes) {
  if (bytes.size() < kSegmentHeader) return std::nullopt;
  bytes = bytes.substr(0, kSegmentHeader);
  if (!bytes.starts_with(kHeaderMagic) || u32_at(bytes, 8) != kVersion || !has_own_crc(bytes)) return std::nullopt;
  SegmentHeader header;
  header.is_thinned = (u32_at(bytes, 12) & kThinnedFlag) != 0;
  header.first_sequence = u64_at(bytes, 16);
  header.made = {static_cast<std::int64_t>(u64_at(bytes, 24)), static_cast<std::int64_t>(u64_at(bytes, 32))};
  bytes.copy(header.boot_id.data(), header.boot_id.size(), 40);
  const std::string_view sink = bytes.substr(56, kSinkField);
  header.sink = sink.substr(0, sink.find('\0'));
  return header;
}

std::string encode_footer(const SegmentFooter& footer) {
  std::string out(kFooterMagic);
  append_u64(out, footer.events);
  append_u64(out, footer.priority_events);
  append_u64(out, footer.last_sequence);
  append_u64(out, footer.frames_end);
  append_u64(out, static_cast<std::uint64_t>(footer.wall_ms));
  append_id(out, footer.first_id);
  append_id(out, footer.last_id);
  append_u32(out, footer.frames_crc);
  append_u32(out, crc32c(0, out));
  return out;
}

std::optional<SegmentFooter> parse_footer(std::string_view bytes, std::uint64_t file_size) {
  if (bytes.size() < kSegmentFooter || file_size < kSegmentHeader + kSegmentFooter) return std::nullopt;
  bytes = bytes.substr(bytes.size() - kSegmentFooter);
  if (!bytes.starts_with(kFooterMagic) || !has_own_crc(bytes)) return std::nullopt;
  SegmentFooter footer;
  footer.events = u64_at(bytes, 8);
  footer.priority_events = u64_at(bytes, 16);
  footer.last_sequence = u64_at(bytes, 24);
  footer.frames_end = u64_at(bytes, 32);
  footer.wall_ms = static_cast<std::int64_t>(u64_at(bytes, 40));
  footer.first_id = id_at(bytes, 48);
  footer.last_id = id_at(bytes, 48 + kIdField);
  footer.frames_crc = u32_at(bytes, 48 + 2 * kIdField);
  if (footer.frames_end != file_size - kSegmentFooter) return std::nullopt;
  return footer;
}

std::string segment_name(std::uint64_t first_sequence) {
  return fmt::format("{:020}{}", first_sequence, kSuffix);
}

std::optional<std::uint64_t> parse_segment_name(std::string_view name) {
  if (name.size() != kNameDigits + kSuffix.size() || !name.ends_with(kSuffix)) return std::nullopt;
  std::uint64_t number = 0;
  const char* const end = name.data() + kNameDigits;
  const auto [stop, error] = std::from_chars(name.data(), end, number);
  if (error != std::errc() || stop != end || number == 0 || number > kSequenceMost) return std::nullopt;
  return number;
}

}  // namespace naudit::output
