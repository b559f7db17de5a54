// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/control/access.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/accounts.hpp"
#include "base/text.hpp"

namespace naudit::daemon {
namespace {

bool is_member(const Peer& who, const AccessGroup& group) {
  return group.id && (who.gid == *group.id || std::ranges::find(who.groups, *group.id) != who.groups.end());
}

}  // namespace

std::string_view access_name(Access access) {
  switch (access) {
    case Access::kRead:
      return "read";
    case Access::kAdmin:
      return "admin";
    case Access::kNone:
      break;
  }
  return "none";
}

AccessGroups access_groups() {
  return {.read = {kReadGroup, base::group_id(kReadGroup)}, .admin = {kAdminGroup, base::group_id(kAdminGroup)}};
}

Access access_of(const Peer& who, uid_t own, const AccessGroups& groups) {
  if (who.uid == 0 || who.uid == own || is_member(who, groups.admin)) return Access::kAdmin;
  return is_member(who, groups.read) ? Access::kRead : Access::kNone;
}

std::string refusal(const Peer& who, Access needed, std::string_view command, const AccessGroups& groups) {
  std::string allowed = "root";
  std::string remedy = "run it with sudo";
  const auto add = [&](const AccessGroup& group) {
    if (!group.id) return;
    allowed += fmt::format(" and members of the group {}", base::in_quotes(group.name));
    remedy += fmt::format(", or become a member: usermod -aG {} USER, and log in anew", group.name);
  };
  // One remedy is enough: the group that lets do no more than what was asked for.
  if (needed == Access::kRead && groups.read.id)
    add(groups.read);
  else
    add(groups.admin);
  return fmt::format("uid {} may not {} here, only {} may; {}", who.uid,
                     command.empty() ? "use the control socket" : base::in_quotes(command), allowed, remedy);
}

}  // namespace naudit::daemon
