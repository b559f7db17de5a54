// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace naudit::output {

// Who may read a file beside its owner and group, as the configuration names them: "user:siem", "group:adm".
struct ReaderName {
  bool is_group = false;
  std::string name;  // or number

  // Nothing: not of that form.
  static std::optional<ReaderName> of(std::string_view text);
  friend bool operator==(const ReaderName&, const ReaderName&) = default;
};

struct Reader {
  bool is_group = false;
  std::uint32_t id = 0;
  friend auto operator<=>(const Reader&, const Reader&) = default;
};

inline constexpr const char* kAclAttribute = "system.posix_acl_access";
inline constexpr std::size_t kMostReaders = 64;

// The list as the kernel takes it as an attribute (linux/posix_acl_xattr.h, acl(5)): the mode, and that each of the
// readers may read. Its mask is what the mode says of the group, and reading; so stat(2) shows the mask in the group's
// place. Pure.
std::string acl_bytes(mode_t mode, std::span<const Reader> readers);

}  // namespace naudit::output
