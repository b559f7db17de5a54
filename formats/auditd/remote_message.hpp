// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace naudit::formats {

// The messages of auditd's remote protocol, version 0, TCP port 60 (audit-userspace lib/private.h, auditd-listen.c,
// audisp-remote.c; as Debian's 3.0.9 speaks it): a header of 16 bytes, little-endian, and as much text as it says.
//
//   u32 magic 0xFF0000FE | u8 header version | u8 message version | u32 type | u16 length | u32 sequence
//
// An answer has the sequence of what it answers; that the server ends has 0. Pure.

enum class RemoteType : std::uint32_t {
  // Of a client.
  kRecord = 0,
  kHeartbeat = 1,
  // Of a server.
  kAck = 0x40000000,
  kEnding = 0x40000001,
  kDiskLow = 0x50000001,    // the record is taken
  kDiskFull = 0x60000001,   // it is not
  kDiskError = 0x60000002,  // nor here
};
// What a type consists of, beside its number.
inline constexpr std::uint32_t kRemoteIsReply = 0x40000000, kRemoteIsRefusal = 0x20000000,
                               kRemoteIsWarning = 0x10000000;

inline constexpr std::size_t kRemoteHeader = 16;

struct RemoteHeader {
  std::uint32_t type = 0;  // a RemoteType, or one that nobody knows
  std::size_t length = 0;  // of the text behind it
  std::uint32_t sequence = 0;
};

enum class RemoteStart : std::uint8_t {
  kHeader,
  kPartial,       // it may be one, its end is not there yet
  kOther,         // something else
  kOtherVersion,  // a version that is not known
};

// Is there a header at the front of `bytes`?
RemoteStart read_remote_header(std::string_view bytes, RemoteHeader& out) noexcept;

// A message from either side. The text is at most 65,535 bytes long.
void append_remote_message(RemoteType type, std::uint32_t sequence, std::string_view text, std::string& out);

}  // namespace naudit::formats
