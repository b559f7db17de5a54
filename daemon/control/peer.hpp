// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <memory>
#include <vector>

#include "base/descriptor.hpp"

namespace naudit::daemon {

// Who is at the other end of a connected socket: pid, uid, group and further groups at the time of connect() or of
// listen() (SO_PEERCRED, SO_PEERGROUPS), and the process itself, so that another one with the same number is not taken
// for it (SO_PEERPIDFD, Linux 6.5; null where the kernel does not know it). A value; any thread.
struct Peer {
  pid_t pid = 0;
  uid_t uid = static_cast<uid_t>(-1);
  gid_t gid = static_cast<gid_t>(-1);
  std::vector<gid_t> groups = {};
  std::shared_ptr<const base::Descriptor> process = nullptr;
};
Peer peer_of(int socket);

}  // namespace naudit::daemon
