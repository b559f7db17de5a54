// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>

namespace naudit::output {

// How far the kernel is with the bytes that were written to a TCP socket.
struct TcpProgress {
  std::uint64_t acknowledged = 0;  // by the peer's kernel, since the connection was made
  std::uint64_t waiting = 0;       // written, not acknowledged
};

// TCP_INFO and SIOCOUTQ; still answers after a reset, until the socket is closed. All zero if it cannot.
TcpProgress tcp_progress(int fd) noexcept;

// The same of a unix stream socket that has taken `written` bytes. Once its peer's program has read all of them they
// count as acknowledged, and none before: SIOCOUTQ tells the memory of what is unread, not its bytes
// (net/unix/af_unix.c, unix_outq_len). All zero if it cannot.
TcpProgress unix_progress(int fd, std::uint64_t written) noexcept;

// Bytes that have come over the connection since it was made and that we have read; 0 if it cannot say.
std::uint64_t tcp_read(int fd) noexcept;

// When a silent connection is looked at (tcp(7)): by default a peer that is gone is noticed within a minute.
struct Keepalive {
  bool enabled = true;
  std::chrono::milliseconds idle{30'000};      // whole seconds
  std::chrono::milliseconds interval{10'000};  // whole seconds
  std::uint32_t count = 3;
  friend bool operator==(const Keepalive&, const Keepalive&) = default;
};

// Keepalive, no Nagle delay, and TCP_USER_TIMEOUT: data that the peer does not take for that long ends the connection.
void tune_tcp(int fd, const Keepalive& keepalive, std::chrono::milliseconds user_timeout) noexcept;

}  // namespace naudit::output
