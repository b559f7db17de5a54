// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/net/tcp_socket.hpp"

// Not <netinet/tcp.h>: its tcp_info ends before tcpi_bytes_acked.
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>

namespace naudit::output {
namespace {

// An option that cannot be set costs comfort, not correctness.
void set(int fd, int level, int option, int value) noexcept {
  (void)setsockopt(fd, level, option, &value, sizeof(value));
}

}  // namespace

TcpProgress tcp_progress(int fd) noexcept {
  // The queue first: an acknowledgement between the two calls makes the sum too large, never too small.
  int waiting = 0;
  if (ioctl(fd, SIOCOUTQ, &waiting) != 0) return {};
  tcp_info info{};
  socklen_t size = sizeof(info);
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return {};
  return {info.tcpi_bytes_acked, static_cast<std::uint64_t>(waiting)};
}

// The queue counts the memory of what is unread, so it is larger than its bytes, and 0 when all is read: nothing counts
// as acknowledged before.
TcpProgress unix_progress(int fd, std::uint64_t written) noexcept {
  int waiting = 0;
  if (ioctl(fd, SIOCOUTQ, &waiting) != 0) return {};
  if (waiting == 0) return {written, 0};
  return {0, written};
}

std::uint64_t tcp_read(int fd) noexcept {
  tcp_info info{};
  socklen_t size = sizeof(info);
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return 0;
  // Last: what comes between the two calls then makes the answer too small, never too large.
  int unread = 0;
  if (ioctl(fd, SIOCINQ, &unread) != 0) return 0;
  return info.tcpi_bytes_received - std::min<std::uint64_t>(info.tcpi_bytes_received, static_cast<unsigned>(unread));
}

void tune_tcp(int fd, const Keepalive& keepalive, std::chrono::milliseconds user_timeout) noexcept {
  using std::chrono::duration_cast;
  using std::chrono::seconds;
  set(fd, SOL_SOCKET, SO_KEEPALIVE, keepalive.enabled ? 1 : 0);
  set(fd, IPPROTO_TCP, TCP_KEEPIDLE, static_cast<int>(duration_cast<seconds>(keepalive.idle).count()));
  set(fd, IPPROTO_TCP, TCP_KEEPINTVL, static_cast<int>(duration_cast<seconds>(keepalive.interval).count()));
  set(fd, IPPROTO_TCP, TCP_KEEPCNT, static_cast<int>(keepalive.count));
  set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(user_timeout.count()));
}

}  // namespace naudit::output
