// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/control/peer.hpp"

namespace naudit::daemon {

// What a client of the control socket may do; each level includes those before it.
enum class Access : std::uint8_t {
  kNone,
  kRead,   // ask for status and events
  kAdmin,  // change something, too
};
// "read", "admin": as docs/control-socket.md has it.
std::string_view access_name(Access access);

// A group of this machine.
struct AccessGroup {
  std::string name;
  std::optional<gid_t> id = std::nullopt;  // empty: there is no such group
};
struct AccessGroups {
  AccessGroup read = {}, admin = {};
};

inline constexpr const char* kReadGroup = "naudit";
inline constexpr const char* kAdminGroup = "naudit-admin";
// Those two, with their numbers. Asks the machine's users and groups, so it may wait.
AccessGroups access_groups();

// Root and the daemon's own user (`own`) may do everything, members of a group what it is for. Pure.
Access access_of(const Peer& who, uid_t own, const AccessGroups& groups);
// Why this client may not do what takes this access, and what to do about it. Pure.
std::string refusal(const Peer& who, Access needed, std::string_view command, const AccessGroups& groups);

}  // namespace naudit::daemon
