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

// Bytes that have come over the connection since it was made and that we have read; 0 if it cannot say.
std::uint64_t tcp_read(int fd) noexcept;

// Keepalive (a peer that is gone is noticed within a minute of silence), no Nagle delay, and TCP_USER_TIMEOUT: data
// that the peer does not take for that long ends the connection.
void tune_tcp(int fd, std::chrono::milliseconds user_timeout) noexcept;

}  // namespace naudit::output
