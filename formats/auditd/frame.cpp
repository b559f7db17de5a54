// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/auditd/frame.hpp"

#include <algorithm>
#include <cstring>

#include "formats/auditd/remote_message.hpp"

namespace naudit::formats {
namespace {

// auditd's largest message is 8970 bytes; its own limit for a frame is not far above.
constexpr std::size_t kLongestPlugin = std::size_t{64} * 1024;
constexpr std::uint16_t kLastType = 4095;

std::uint32_t native(std::string_view bytes, std::size_t at) noexcept {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

std::string_view without_end(std::string_view text) noexcept {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == '\0')) text.remove_suffix(1);
  return text;
}

FrameResult take(std::string_view bytes, std::size_t payload, Frame& out) noexcept {
  if (bytes.size() < kFrameHeader + payload) return FrameResult::kPartial;
  out.size = kFrameHeader + payload;
  out.text = without_end(bytes.substr(kFrameHeader, payload));
  return FrameResult::kWhole;
}

FrameResult read_remote(std::string_view bytes, const RemoteHeader& header, Frame& out) noexcept {
  out.kind = Frame::Kind::kRemote;
  out.is_record = header.type == static_cast<std::uint32_t>(RemoteType::kRecord);
  out.type = 0;
  return take(bytes, header.length, out);
}

// Version 0 or 1, the header's own size, type, length. In version 0 the payload is the kernel's bare text.
FrameResult read_plugin(std::string_view bytes, Frame& out) noexcept {
  if (bytes.size() < kFrameHeader) return FrameResult::kPartial;
  const std::uint32_t version = native(bytes, 0);
  const std::uint32_t type = native(bytes, 8);
  const std::uint32_t payload = native(bytes, 12);
  if (native(bytes, 4) != kFrameHeader || type == 0 || type > kLastType || payload > kLongestPlugin)
    return FrameResult::kNone;
  out.kind = Frame::Kind::kPlugin;
  out.is_record = true;
  out.type = version == 0 ? static_cast<std::uint16_t>(type) : std::uint16_t{0};
  return take(bytes, payload, out);
}

// Could these bytes, as far as they go, be the start of `whole`?
bool starts_like(std::string_view bytes, std::string_view whole) noexcept {
  return whole.starts_with(bytes.substr(0, whole.size()));
}

}  // namespace

bool may_start_frame(char first) noexcept {
  const auto byte = static_cast<unsigned char>(first);
  return byte <= 1 || byte == 0xFE;
}

FrameResult read_frame(std::string_view bytes, Frame& out) noexcept {
  if (bytes.empty()) return FrameResult::kNone;
  RemoteHeader header;
  switch (read_remote_header(bytes, header)) {
    case RemoteStart::kHeader:
      return read_remote(bytes, header, out);
    case RemoteStart::kPartial:
      return FrameResult::kPartial;
    case RemoteStart::kOtherVersion:
      return FrameResult::kNone;
    case RemoteStart::kOther:
      break;
  }
  for (const std::uint32_t version : {0U, 1U}) {
    char start[8];
    const std::uint32_t size = kFrameHeader;
    std::memcpy(start, &version, 4);
    std::memcpy(start + 4, &size, 4);
    if (starts_like(bytes, {start, sizeof start})) return read_plugin(bytes, out);
  }
  return FrameResult::kNone;
}

std::size_t find_frame(std::string_view bytes, std::size_t from, std::size_t to) noexcept {
  Frame frame;
  for (std::size_t at = from; at < std::min(to, bytes.size()); ++at)
    if (may_start_frame(bytes[at]) && read_frame(bytes.substr(at), frame) != FrameResult::kNone) return at;
  return std::string_view::npos;
}

}  // namespace naudit::formats
