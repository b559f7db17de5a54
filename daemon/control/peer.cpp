// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/control/peer.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace naudit::daemon {
namespace {

// include/uapi/asm-generic/socket.h; Debian 12's headers are older.
constexpr int kPeerPidfd = 77;

std::vector<gid_t> groups_of(int socket) {
  std::vector<gid_t> groups;
  socklen_t size = 0;
  // Says how much room it takes (ERANGE); nothing if there are none.
  if (getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, nullptr, &size) == 0 || errno != ERANGE) return groups;
  groups.resize(size / sizeof(gid_t));
  if (getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) != 0) return {};
  groups.resize(size / sizeof(gid_t));
  return groups;
}

}  // namespace

Peer peer_of(int socket) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return {};
  Peer peer{.pid = credentials.pid,
            .uid = credentials.uid,
            .gid = credentials.gid,
            .groups = groups_of(socket),
            .process = nullptr};
  int process = -1;
  size = sizeof process;
  if (getsockopt(socket, SOL_SOCKET, kPeerPidfd, &process, &size) == 0)
    peer.process = std::make_shared<base::Descriptor>(process);
  return peer;
}

}  // namespace naudit::daemon
