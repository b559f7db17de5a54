// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/control/peer.hpp"

#include <sys/socket.h>

namespace naudit::daemon {
namespace {

// include/uapi/asm-generic/socket.h; Debian 12's headers are older.
constexpr int kPeerPidfd = 77;

}  // namespace

Peer peer_of(int socket) noexcept {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return {};
  Peer peer{.pid = credentials.pid, .uid = credentials.uid, .process = nullptr};
  int process = -1;
  size = sizeof process;
  if (getsockopt(socket, SOL_SOCKET, kPeerPidfd, &process, &size) == 0)
    peer.process = std::make_shared<base::Descriptor>(process);
  return peer;
}

}  // namespace naudit::daemon
