// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "netlink/status.hpp"

// The requests that the kernel's audit subsystem understands, as bytes (linux/audit.h; kernel/audit.c,
// audit_receive_msg). Pure. Every payload is byte for byte what auditctl sends for the same request: padded with
// zeros to a multiple of four, and the padding counts as payload.
namespace naudit::netlink {

using Bytes = std::vector<std::byte>;

struct Request {
  std::uint16_t type = 0;
  Bytes payload;  // not yet padded
};

// The whole netlink message. It always asks for an acknowledgement: a refusal is told in no other way.
Bytes encode(const Request& request, std::uint32_t sequence);

Request status_request();
Request features_request();
// One AUDIT_SET for each member that holds a value, in an order that works: the kernel stops at the first member that
// it refuses, and `enabled 2` locks all the others, so `enabled` comes last.
std::vector<Request> change_requests(const StatusChange& change);
// The kernel takes only the sender's own process (as its thread group), or 0 to unregister.
Request set_pid_request(pid_t pid);
// The old value comes as a positive "error" of the acknowledgement, and only if no other member is set.
Request reset_lost_request();
Request reset_backlog_wait_time_actual_request();
Request loginuid_immutable_request();
Request signal_sender_request();
Request list_rules_request();
Request add_rule_request(std::span<const std::byte> rule);
Request delete_rule_request(std::span<const std::byte> rule);
Request trim_request();
Request make_equivalent_request(std::string_view mount, std::string_view subtree);
// Ends with a NUL: the kernel overwrites the last byte of the payload with one (audit_receive_msg).
Request user_message_request(std::uint16_t type, std::string_view text);

}  // namespace naudit::netlink
