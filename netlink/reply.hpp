// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "netlink/status.hpp"

// The kernel's answers to requests (linux/netlink.h, linux/audit.h). Pure; views into the datagram that they were
// given.
namespace naudit::netlink {

// One netlink message. Unlike a record, an answer carries a correct length of its own.
struct Reply {
  std::uint16_t type = 0;
  std::uint32_t sequence = 0;
  std::span<const std::byte> payload;
};

// The acknowledgement of a request, NLMSG_ERROR.
struct Ack {
  std::uint32_t sequence = 0;
  std::uint16_t request = 0;  // the type of the request
  std::int32_t error = 0;     // 0, a negative errno, or a positive result (AUDIT_SET of `lost`)
};

// Nothing if the datagram is shorter than what its header says, or than a header. `datagram` needs no alignment.
std::optional<Reply> parse_reply(std::span<const std::byte> datagram);
std::optional<Ack> parse_ack(const Reply& reply);
// Kernels before 3.14 send nothing after `backlog`, those before 5.9 nothing after `backlog_wait_time`.
std::optional<KernelStatus> parse_status(std::span<const std::byte> payload);
std::optional<KernelFeatures> parse_features(std::span<const std::byte> payload);
// struct audit_sig_info: the security context that follows is left out.
std::optional<SignalSender> parse_signal_sender(std::span<const std::byte> payload);

}  // namespace naudit::netlink
