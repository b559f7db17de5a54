// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <memory>

#include "base/descriptor.hpp"

namespace naudit::daemon {

// Who is at the other end of a connected socket: pid and uid at the time of connect() or of listen() (SO_PEERCRED), and
// the process itself, so that another one with the same number is not taken for it (SO_PEERPIDFD, Linux 6.5; null where
// the kernel does not know it). A value; any thread.
struct Peer {
  pid_t pid = 0;
  uid_t uid = static_cast<uid_t>(-1);
  std::shared_ptr<const base::Descriptor> process;
};
Peer peer_of(int socket) noexcept;

}  // namespace naudit::daemon
