// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <system_error>

#include <tl/expected.hpp>

#include "netlink/receiver.hpp"
#include "netlink/request_socket.hpp"
#include "netlink/socket.hpp"

namespace naudit::netlink {

// The socket that records arrive on.
//
// kOwn: as the registered audit daemon, each record once, held and re-sent by the kernel when we are slow.
// kObserve: copies from the multicast group AUDIT_NLGRP_READLOG, best effort: what does not fit is dropped. They come
// whenever auditing is enabled, registered daemon or not (kernel/audit.c, kauditd_send_queue). Needs CAP_AUDIT_READ.
//
// kOwn is connected to the kernel, port 0: it refuses what another process sends to our port (net/netlink/
// af_netlink.c, netlink_getsockbyportid: ECONNREFUSED). A multicast is not asked for that (do_one_broadcast), so that
// an observer looks at each sender.
//
// NETLINK_NO_ENOBUFS stays off: an overrun must be seen and counted, not hidden.
class EventSocket {
 public:
  enum class Mode : std::uint8_t { kOwn, kObserve };

  // receive_buffer: bytes asked for; what was obtained is receive_buffer(). Records take about 1 KiB each in it.
  static tl::expected<EventSocket, std::error_code> open(Mode mode, std::size_t receive_buffer);

  // A socket (kOwn) that another process opened and registered, handed over to this one: the descriptor is ours now,
  // and closed on a failure too. ENOTSOCK or EPROTOTYPE if it is no NETLINK_AUDIT socket.
  static tl::expected<EventSocket, std::error_code> adopt(int fd);

  [[nodiscard]] int fd() const noexcept { return mnl_socket_get_fd(socket_.get()); }
  [[nodiscard]] Mode mode() const noexcept { return mode_; }
  [[nodiscard]] Senders senders() const noexcept { return mode_ == Mode::kOwn ? Senders::kKernel : Senders::kAny; }
  [[nodiscard]] std::uint32_t port_id() const noexcept { return mnl_socket_get_portid(socket_.get()); }
  // Less than asked for when we have no CAP_NET_ADMIN: then net.core.rmem_max is the limit.
  [[nodiscard]] std::size_t receive_buffer() const noexcept { return receive_buffer_; }

  // Asks the kernel to make this process and this socket the audit daemon, and does not wait for the answer: that comes
  // among the records, as an acknowledgement (and may come after the first of them). Errors of the answer: EEXIST when
  // a live process is registered, even ourselves; EPERM without CAP_AUDIT_CONTROL or outside the first pid namespace;
  // ECONNREFUSED outside the first user namespace.
  // Thread-safe; call it from another thread than the one that receives: inside this call the kernel may send to this
  // very socket, and wait for room in it, and it holds the caller there while its own queue is over the limit.
  std::error_code request_registration() const;

 private:
  EventSocket(Socket socket, Mode mode, std::size_t receive_buffer) noexcept;
  Socket socket_;
  Mode mode_;
  std::size_t receive_buffer_;
};

// The registration, from one audit daemon to the next, without a record lost between them.
//
// The kernel sends to a port, and whether the registered process lives is nothing to it: while anybody holds a
// descriptor of the registered socket, records collect in there. But it goes on naming the dead process, refuses
// another one (EEXIST), and audits all system calls but those of the registered process (kernel/audit.c,
// auditd_test_task). So the next daemon needs a registration of its own, and there is none without a moment in which
// nobody is registered: what the kernel's thread sends in that moment it frees, unless the kernel was booted with
// audit=1 (kauditd_hold_skb). 100 such moments at 5,000 events/s cost 150 to 200 events.
//
// Here that thread is made to wait first: the registered socket is made so small that the next record does not go in.
// Then that socket is connected to a port that is not the kernel's, so that it refuses the kernel, and the kernel's
// look whether the registered daemon is still there ends that registration and begins the new one, in one system call.
// The thread wakes, is refused, puts what it had to send into its retry queue, and finds that somebody else is
// registered by then: so it sends all of that to the new socket (kauditd_thread, auditd_reset).
//
// `from`: sockets of daemons that are dead, one of which may be registered; `to`: opened, and not yet registered. What
// has come to `from` stays in there, to be read before anything of `to`. No error: this process is registered with
// `to`, whose acknowledgement comes among its records. EEXIST: another process is, with a socket of its own. After an
// error everything is as before. Takes some milliseconds, in which `to` need not be read. Needs CAP_NET_ADMIN
// (net/netlink/af_netlink.c, netlink_connect). Main thread, before anybody receives.
std::error_code take_over(std::span<const EventSocket> from, const EventSocket& to, RequestSocket& requests);

}  // namespace naudit::netlink
