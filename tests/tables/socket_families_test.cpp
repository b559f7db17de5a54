// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tables/socket_families.hpp"

#include <sys/socket.h>

#include "tests/support/catch.hpp"

namespace naudit::tables {
namespace {

TEST_CASE("socket families have audit's names") {
  CHECK(socket_family_name(AF_UNIX) == "local");
  CHECK(socket_family_name(AF_INET) == "inet");
  CHECK(socket_family_name(AF_INET6) == "inet6");
  CHECK(socket_family_name(AF_NETLINK) == "netlink");
  CHECK(socket_family_name(AF_PACKET) == "packet");
  CHECK(socket_family_name(AF_VSOCK) == "vsock");
  CHECK(socket_family_name(AF_XDP) == "xdp");
  CHECK(socket_family_name(AF_UNSPEC) == "unspec");
  CHECK(socket_family_name(1000).empty());
  CHECK(socket_family("inet6") == 10U);
  CHECK_FALSE(socket_family("route"));
}

TEST_CASE("every socket family that has a name is found again by it") {
  for (std::uint32_t family = 0; family < AF_MAX; ++family)
    if (!socket_family_name(family).empty()) CHECK(socket_family(socket_family_name(family)) == family);
}

}  // namespace
}  // namespace naudit::tables
