// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <system_error>

#include <libmnl/libmnl.h>
#include <tl/expected.hpp>

namespace naudit::netlink {

struct CloseSocket {
  void operator()(mnl_socket* socket) const noexcept { mnl_socket_close(socket); }
};

using Socket = std::unique_ptr<mnl_socket, CloseSocket>;

// A NETLINK_AUDIT socket (close-on-exec) with a port id of its own and, where `groups` is not 0, subscribed to those
// multicast groups. Failure: EPROTONOSUPPORT when the kernel has no audit, EPERM without CAP_AUDIT_READ for a group.
tl::expected<Socket, std::error_code> open_socket(std::uint32_t groups);

// Sends one message to the kernel. The kernel handles it inside this call, and may hold the caller there for up to
// backlog_wait_time when its queue is full (kernel/audit.c, audit_receive). Thread-safe.
std::error_code send_to_kernel(mnl_socket* socket, std::span<const std::byte> message);

// errno as a value.
std::error_code last_error() noexcept;

}  // namespace naudit::netlink
