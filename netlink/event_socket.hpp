// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <system_error>

#include <tl/expected.hpp>

#include "netlink/receiver.hpp"
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

}  // namespace naudit::netlink
