// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "base/accounts.hpp"

#include <grp.h>
#include <pwd.h>

namespace naudit::base {

std::optional<std::uint32_t> user_id(const std::string& name) {
  return account<passwd>(getpwnam_r, name.c_str(), [](const passwd& entry) { return std::uint32_t{entry.pw_uid}; });
}

std::optional<std::uint32_t> group_id(const std::string& name) {
  return account<group>(getgrnam_r, name.c_str(), [](const group& entry) { return std::uint32_t{entry.gr_gid}; });
}

std::optional<std::string> user_name(std::uint32_t id) {
  return account<passwd>(getpwuid_r, id, [](const passwd& entry) { return std::string(entry.pw_name); });
}

std::optional<std::string> group_name(std::uint32_t id) {
  return account<group>(getgrgid_r, id, [](const group& entry) { return std::string(entry.gr_name); });
}

}  // namespace naudit::base
