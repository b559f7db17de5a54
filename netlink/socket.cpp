// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "netlink/socket.hpp"

#include <linux/netlink.h>
#include <sys/socket.h>

#include <cerrno>

namespace naudit::netlink {

std::error_code last_error() noexcept {
  return {errno, std::system_category()};
}

tl::expected<Socket, std::error_code> open_socket(std::uint32_t groups) {
  Socket socket{mnl_socket_open2(NETLINK_AUDIT, SOCK_CLOEXEC)};
  if (!socket || mnl_socket_bind(socket.get(), groups, MNL_SOCKET_AUTOPID) != 0) return tl::unexpected(last_error());
  return socket;
}

std::error_code send_to_kernel(mnl_socket* socket, std::span<const std::byte> message) {
  while (mnl_socket_sendto(socket, message.data(), message.size()) < 0)
    if (errno != EINTR) return last_error();
  return {};
}

}  // namespace naudit::netlink
