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
    kRemote,  // audisp-remote to its collector, TCP port 60 (audit-userspace lib/private.h): 16 bytes, little-endian
    kPlugin,  // auditd to a plugin with `format = binary` (lib/libaudit.h): 16 bytes in the host's byte order
  };

  Kind kind = Kind::kRemote;
  std::size_t size = 0;    // header and payload
  std::string_view text;   // the payload without a newline at its end
  std::uint16_t type = 0;  // of a record whose text does not name it (plugin, version 0); else 0
  bool is_record = true;   // false: a heartbeat, an acknowledgement, the state of the collector's disk
};

enum class FrameResult : std::uint8_t { kNone, kPartial, kWhole };

// Is there a frame at the front of `bytes`? kPartial: it may be one, its end is not there yet. Pure, views into bytes.
FrameResult read_frame(std::string_view bytes, Frame& out) noexcept;

// Where the next remote frame starts, or npos: after damage the reader goes on from there.
std::size_t find_remote_frame(std::string_view bytes) noexcept;

}  // namespace naudit::formats
