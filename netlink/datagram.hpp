// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "netlink/reply.hpp"

namespace naudit::netlink {

// One audit record as the kernel sent it: its type and its text, "audit(1700000000.123:45): …", without a
// terminating NUL. A view into a slab of the receiver: valid until the handler that got it returns.
struct Record {
  std::uint16_t type = 0;
  std::string_view text;
};

// One datagram as the receive call gave it, and where it came from.
struct Datagram {
  std::span<const std::byte> bytes;  // as many as were received
  std::uint32_t sender = 0;          // port id of the sender; the kernel's is 0
  bool truncated = false;            // MSG_TRUNC: it was longer than the buffer
};

enum class Content : std::uint8_t {
  kRecord,     // an audit record: `record`
  kAck,        // the answer to a request of ours, e.g. the registration: `ack`
  kReplace,    // the kernel tests whether the registered daemon is alive, because process `pid` changes it
  kReply,      // any other control message: of no use here
  kForeign,    // not from the kernel: another process wrote to our port
  kTruncated,  // longer than the buffer; a record of the kernel never is
  kShort       // no whole netlink header
};

struct Classified {
  Content content = Content::kShort;
  Record record;          // kRecord; a view into the datagram's bytes
  Ack ack;                // kAck
  std::uint32_t pid = 0;  // kReplace
};

// What a datagram of the event socket is. Pure, allocates nothing, never fails.
//
// The length of a record is what was received: the kernel sets nlmsg_len of a unicast record 16 bytes (its own header)
// too small, of a multicast copy right (kernel/audit.c, audit_log_end and kauditd_send_multicast_skb). Records are the
// types 1005 and 1006 and all from 1100 on, except 1329 (AUDIT_REPLACE); a type that nobody knows yet is a record too.
Classified classify(const Datagram& datagram) noexcept;

}  // namespace naudit::netlink
