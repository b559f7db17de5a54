// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace naudit::formats {

// A record in one of the two binary envelopes of auditd, as a capture of the connection holds them one behind the
// other.
struct Frame {
  enum class Kind : std::uint8_t {
    kRemote,  // audisp-remote to its collector (remote_message.hpp)
    kPlugin,  // auditd to a plugin with `format = binary` (lib/libaudit.h): 16 bytes in the host's byte order
  };

  Kind kind = Kind::kRemote;
  std::size_t size = 0;    // header and payload
  std::string_view text;   // the payload without a newline at its end
  std::uint16_t type = 0;  // of a record whose text does not name it (plugin, version 0); else 0
  bool is_record = true;   // false: a heartbeat, an acknowledgement, the state of the collector's disk
};

enum class FrameResult : std::uint8_t { kNone, kPartial, kWhole };

// The header of either kind.
inline constexpr std::size_t kFrameHeader = 16;

// Is there a frame at the front of `bytes`? kPartial: it may be one, its end is not there yet. Pure, views into bytes.
FrameResult read_frame(std::string_view bytes, Frame& out) noexcept;

// Is this the first byte of a frame, in either byte order? None of them starts a line of text. Pure.
bool may_start_frame(char first) noexcept;

// Where from `from` on, and before `to`, a frame starts, or may start if more bytes come; npos if nowhere. After damage
// the reader goes on from there. Pure.
std::size_t find_frame(std::string_view bytes, std::size_t from, std::size_t to) noexcept;

}  // namespace naudit::formats
