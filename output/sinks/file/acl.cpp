// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/file/acl.hpp"

#include <endian.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>

#include <set>

namespace naudit::output {

std::optional<ReaderName> ReaderName::of(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon + 1 == text.size()) return std::nullopt;
  const std::string_view kind = text.substr(0, colon);
  if (kind != "user" && kind != "group") return std::nullopt;
  return ReaderName{kind == "group", std::string(text.substr(colon + 1))};
}

std::string acl_bytes(mode_t mode, std::span<const Reader> readers) {
  std::string bytes;
  const posix_acl_xattr_header header{.a_version = htole32(POSIX_ACL_XATTR_VERSION)};
  bytes.append(reinterpret_cast<const char*>(&header), sizeof header);
  const auto add = [&](unsigned tag, mode_t permissions, std::uint32_t id) {
    const posix_acl_xattr_entry entry{.e_tag = htole16(static_cast<std::uint16_t>(tag)),
                                      .e_perm = htole16(static_cast<std::uint16_t>(permissions & 7U)),
                                      .e_id = htole32(id)};
    bytes.append(reinterpret_cast<const char*>(&entry), sizeof entry);
  };
  constexpr auto kNobody = static_cast<std::uint32_t>(ACL_UNDEFINED_ID);
  // The kernel wants them in this order, and each name once.
  const std::set<Reader> sorted(readers.begin(), readers.end());
  const auto add_readers = [&](bool are_groups) {
    for (const Reader& reader : sorted)
      if (reader.is_group == are_groups) add(are_groups ? ACL_GROUP : ACL_USER, ACL_READ, reader.id);
  };
  add(ACL_USER_OBJ, mode >> 6U, kNobody);
  add_readers(false);
  add(ACL_GROUP_OBJ, mode >> 3U, kNobody);
  add_readers(true);
  if (!sorted.empty()) add(ACL_MASK, (mode >> 3U) | ACL_READ, kNobody);
  add(ACL_OTHER, mode, kNobody);
  return bytes;
}

}  // namespace naudit::output
