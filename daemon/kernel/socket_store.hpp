// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "netlink/event_socket.hpp"

namespace naudit::daemon {

// The service manager's descriptor store (sd_notify(3), FDSTORE=1; systemd keeps it over a restart, also after kill -9,
// and empties it when the unit is stopped): it holds a copy of the registered event socket, so that the kernel puts
// what comes while no nauditd runs into that, for the next one to read. Without a service manager it does nothing.
//
// Each socket has a name of its own, "audit-" and its port, so that the next one can be there before the last one goes.
// Main thread.
class SocketStore {
 public:
  // At start, once: what the nauditd before this one left, the oldest first. Descriptors that are no event socket are
  // closed, with a warning.
  std::vector<netlink::EventSocket> take();
  // Sends a copy: true if somebody listens. That he keeps it nobody tells.
  bool keep(const netlink::EventSocket& socket);
  // What was taken need not be kept any more.
  void forget_taken();
  // And what was given neither.
  void forget();
  // Somebody has a copy of our socket, as far as one knows.
  [[nodiscard]] bool is_kept() const noexcept { return !given_.empty(); }

 private:
  std::vector<std::string> taken_;
  std::string given_;
};

// "audit-4711", or nothing of that kind. Pure.
std::string socket_name(std::uint32_t port_id);
bool is_socket_name(std::string_view name);

}  // namespace naudit::daemon
