// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "netlink/event_socket.hpp"

#include <linux/audit.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "netlink/request.hpp"

namespace naudit::netlink {
namespace {

constexpr std::uint32_t kReadLogGroup = 1U << (AUDIT_NLGRP_READLOG - 1);

// No request on this socket needs to be told apart from another: the answers to all of them mean the same.
constexpr std::uint32_t kSequence = 1;

// The kernel stores twice of what it is given, for its own bookkeeping, and getsockopt tells that (socket(7)).
std::size_t set_receive_buffer(int fd, std::size_t wanted) {
  const int size = static_cast<int>(std::min<std::size_t>(wanted, std::numeric_limits<int>::max() / 2));
  if (::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0)
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  int obtained = 0;
  socklen_t length = sizeof obtained;
  ::getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &obtained, &length);
  return static_cast<std::size_t>(obtained) / 2;
}

std::error_code connect_to_kernel(int fd) {
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&kernel), sizeof kernel) != 0) return last_error();
  // What others sent between bind and connect. The kernel has nothing to say before we have asked for something.
  std::byte any{};
  while (::recv(fd, &any, sizeof any, MSG_DONTWAIT | MSG_TRUNC) >= 0) {
  }
  return {};
}

}  // namespace

EventSocket::EventSocket(Socket socket, Mode mode, std::size_t receive_buffer) noexcept
    : socket_(std::move(socket)), mode_(mode), receive_buffer_(receive_buffer) {}

tl::expected<EventSocket, std::error_code> EventSocket::open(Mode mode, std::size_t receive_buffer) {
  auto socket = open_socket(mode == Mode::kObserve ? kReadLogGroup : 0);
  if (!socket) return tl::unexpected(socket.error());
  if (mode == Mode::kOwn) {
    if (const std::error_code error = connect_to_kernel(mnl_socket_get_fd(socket->get()))) return tl::unexpected(error);
  }
  const std::size_t obtained = set_receive_buffer(mnl_socket_get_fd(socket->get()), receive_buffer);
  return EventSocket{std::move(*socket), mode, obtained};
}

std::error_code EventSocket::request_registration() const {
  return send_to_kernel(socket_.get(), encode(set_pid_request(::getpid()), kSequence));
}

}  // namespace naudit::netlink
