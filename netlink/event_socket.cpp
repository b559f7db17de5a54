// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "netlink/event_socket.hpp"

#include <linux/audit.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <thread>
#include <utility>

#include "netlink/request.hpp"

namespace naudit::netlink {
namespace {

constexpr std::uint32_t kReadLogGroup = 1U << (AUDIT_NLGRP_READLOG - 1);

// No request on this socket needs to be told apart from another: the answers to all of them mean the same.
constexpr std::uint32_t kSequence = 1;

// The kernel stores twice of what it is given, for its own bookkeeping, and getsockopt tells that (socket(7)).
std::size_t receive_buffer_of(int fd) {
  int obtained = 0;
  socklen_t length = sizeof obtained;
  ::getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &obtained, &length);
  return static_cast<std::size_t>(obtained) / 2;
}

std::size_t set_receive_buffer(int fd, std::size_t wanted) {
  const int size = static_cast<int>(std::min<std::size_t>(wanted, std::numeric_limits<int>::max() / 2));
  if (::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0)
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  return receive_buffer_of(fd);
}

std::error_code connect_to(int fd, std::uint32_t port_id) {
  sockaddr_nl peer{};
  peer.nl_family = AF_NETLINK;
  peer.nl_pid = port_id;
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&peer), sizeof peer) != 0) return last_error();
  return {};
}

std::error_code connect_to_kernel(int fd) {
  if (const std::error_code error = connect_to(fd, 0)) return error;
  // What others sent between bind and connect. The kernel has nothing to say before we have asked for something.
  std::byte any{};
  while (::recv(fd, &any, sizeof any, MSG_DONTWAIT | MSG_TRUNC) >= 0) {
  }
  return {};
}

// For a record to come that the kernel's thread waits with. Under a load that matters it comes at once, but this
// process may be kept off the processor.
constexpr std::chrono::milliseconds kPatience{50};
constexpr std::chrono::microseconds kLook{300};
// Looks in a row that found something queued: then the thread does wait.
constexpr int kLooks = 3;
// Of the 100 ms that it waits, what may have passed when it is turned away; beyond that it is let go once more.
constexpr std::chrono::milliseconds kHeldAtMost{40};
constexpr int kTries = 5;

// False: it may have waited for too long.
bool wait_until_kernel_waits(RequestSocket& requests) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + kPatience;
  auto free_at = Clock::now();
  for (int looks = 0; looks < kLooks && Clock::now() < deadline;) {
    const auto before = Clock::now();
    const auto status = requests.status();
    if (!status) return true;
    looks = status->backlog > 0 ? looks + 1 : 0;
    if (looks == 0) free_at = before;
    std::this_thread::sleep_for(kLook);
  }
  return Clock::now() - free_at < kHeldAtMost;
}

// The kernel's thread waits with what it has to send here, up to 100 ms (kernel/audit.c, audit_net_init: sk_sndtimeo).
void hold_back(const EventSocket& socket) {
  // The least there is: one record at most goes in, if it is empty.
  const int least = 0;
  ::setsockopt(socket.fd(), SOL_SOCKET, SO_RCVBUF, &least, sizeof least);
}

// The kernel is refused at once, on all copies of the descriptor; what is in the socket stays.
std::error_code turn_away(std::span<const EventSocket> from, std::uint32_t port_id) {
  for (const EventSocket& socket : from)
    if (const std::error_code error = connect_to(socket.fd(), port_id)) return error;
  return {};
}

// As if nothing had been.
void turn_back(const EventSocket& socket) {
  static_cast<void>(connect_to(socket.fd(), 0));
  set_receive_buffer(socket.fd(), socket.receive_buffer());
}

// It looks again. Any receive call does that, also one that takes nothing (net/netlink/af_netlink.c, netlink_recvmsg).
void wake_kernel(const EventSocket& socket) {
  std::byte any{};
  static_cast<void>(::recv(socket.fd(), &any, sizeof any, MSG_PEEK | MSG_DONTWAIT));
}

// The answer to the request is among the records: the status tells the same.
std::error_code request(const EventSocket& to, RequestSocket& requests) {
  if (const std::error_code error = to.request_registration()) return error;
  const auto status = requests.status();
  if (!status) return status.error();
  return status->pid == static_cast<std::uint32_t>(::getpid()) ? std::error_code{}
                                                               : std::make_error_code(std::errc::file_exists);
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

tl::expected<EventSocket, std::error_code> EventSocket::adopt(int fd) {
  int domain = 0;
  int protocol = 0;
  socklen_t length = sizeof domain;
  Socket socket;
  std::error_code error;
  if (::getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &length) != 0 ||
      ::getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &length) != 0)
    error = last_error();
  else if (domain != AF_NETLINK || protocol != NETLINK_AUDIT)
    error = std::make_error_code(std::errc::wrong_protocol_type);
  else if (socket.reset(mnl_socket_fdopen(fd)); !socket)
    error = last_error();
  if (error) {
    ::close(fd);
    return tl::unexpected(error);
  }
  return EventSocket{std::move(socket), Mode::kOwn, receive_buffer_of(fd)};
}

std::error_code EventSocket::request_registration() const {
  return send_to_kernel(socket_.get(), encode(set_pid_request(::getpid()), kSequence));
}

std::error_code take_over(std::span<const EventSocket> from, const EventSocket& to, RequestSocket& requests) {
  std::ranges::for_each(from, hold_back);
  for (int i = 0; !wait_until_kernel_waits(requests) && i < kTries; ++i) {
    std::ranges::for_each(from, turn_back);
    std::ranges::for_each(from, wake_kernel);
    std::this_thread::sleep_for(kLook);
    std::ranges::for_each(from, hold_back);
  }
  std::error_code error = turn_away(from, to.port_id());
  if (!error) error = request(to, requests);
  if (error) std::ranges::for_each(from, turn_back);
  std::ranges::for_each(from, wake_kernel);
  return error;
}

}  // namespace naudit::netlink
