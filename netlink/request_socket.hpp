// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <system_error>
#include <vector>

#include <tl/expected.hpp>

#include "netlink/request.hpp"
#include "netlink/status.hpp"

namespace naudit::netlink {

template <typename T>
using Result = tl::expected<T, std::error_code>;

// The request socket: every request to the kernel's audit subsystem except the registration of the event socket,
// and their replies, matched by sequence number.
//
// Owner: nauditctl, or the daemon's kernel thread. Not thread-safe. Each call blocks until the kernel has answered
// or the time-out (default 5 s) has passed (std::errc::timed_out); the kernel may also hold the caller inside send()
// for up to backlog_wait_time when its queue is full, which is why the drain thread must never call this
// (kernel/audit.c, audit_receive). Failure is a value: the kernel's errno as a std::system_category code.
class RequestSocket {
 public:
  static Result<RequestSocket> open(std::chrono::milliseconds timeout = std::chrono::seconds{5});
  RequestSocket(RequestSocket&&) noexcept;
  RequestSocket& operator=(RequestSocket&&) noexcept;
  ~RequestSocket();

  Result<KernelStatus> status();
  Result<KernelFeatures> features();
  Result<void> set(const StatusChange& change);
  Result<void> set_loginuid_immutable();  // and locks that feature until reboot
  Result<std::uint32_t> reset_lost();     // the value it had
  Result<std::uint32_t> reset_backlog_wait_time_actual();
  // Waits until the kernel's own queue is empty: true, or false when `limit` has passed. To be called before
  // unregister(): what is queued at that moment goes to the kernel log or nowhere. Another thread has to keep reading
  // the event socket.
  Result<bool> wait_until_delivered(std::chrono::milliseconds limit);
  // AUDIT_SET pid 0; any socket of the registered process may do it. The kernel probes the event socket inside this
  // call, so another thread has to keep reading that.
  Result<void> unregister();
  Result<SignalSender> signal_sender();

  // Each rule is one audit_rule_data with its strings, as on the wire.
  Result<std::vector<Bytes>> list_rules();
  Result<void> add_rule(std::span<const std::byte> rule);
  Result<void> delete_rule(std::span<const std::byte> rule);
  Result<void> trim();
  Result<void> make_equivalent(std::string_view mount, std::string_view subtree);
  // A user-space record (1005, 1100-1199, 2100-2999).
  Result<void> send_user_message(std::uint16_t type, std::string_view text);

 private:
  struct Impl;
  explicit RequestSocket(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace naudit::netlink
