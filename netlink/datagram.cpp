// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "netlink/datagram.hpp"

#include <linux/audit.h>
#include <linux/netlink.h>

#include <cstring>

namespace naudit::netlink {
namespace {

bool is_record(std::uint16_t type) noexcept {
  return (type >= AUDIT_FIRST_USER_MSG && type != AUDIT_REPLACE) || type == AUDIT_USER || type == AUDIT_LOGIN;
}

// Programs that send a user-space record often end it with a newline, and the kernel's copy of it with a NUL.
std::string_view text_of(std::span<const std::byte> payload) noexcept {
  const char* text = reinterpret_cast<const char*>(payload.data());
  std::size_t size = payload.size();
  while (size > 0 && (text[size - 1] == '\0' || text[size - 1] == '\n')) --size;
  return {text, size};
}

void classify_control(const Datagram& datagram, Classified& result) noexcept {
  result.content = Content::kReply;
  const auto reply = parse_reply(datagram.bytes);
  if (!reply) return;
  if (const auto ack = parse_ack(*reply)) {
    result.content = Content::kAck;
    result.ack = *ack;
  } else if (reply->type == AUDIT_REPLACE && reply->payload.size() >= sizeof result.pid) {
    result.content = Content::kReplace;
    std::memcpy(&result.pid, reply->payload.data(), sizeof result.pid);
  }
}

}  // namespace

Classified classify(const Datagram& datagram) noexcept {
  Classified result;
  if (datagram.sender != 0) {
    result.content = Content::kForeign;
  } else if (datagram.truncated) {
    result.content = Content::kTruncated;
  } else if (datagram.bytes.size() >= NLMSG_HDRLEN) {
    nlmsghdr header;
    std::memcpy(&header, datagram.bytes.data(), sizeof header);
    if (is_record(header.nlmsg_type)) {
      result.content = Content::kRecord;
      result.record = {header.nlmsg_type, text_of(datagram.bytes.subspan(NLMSG_HDRLEN))};
    } else {
      classify_control(datagram, result);
    }
  }
  return result;
}

}  // namespace naudit::netlink
