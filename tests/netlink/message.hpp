// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <linux/audit.h>
#include <linux/netlink.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "netlink/request.hpp"

// Messages as the kernel makes them, for tests.
namespace naudit::netlink::test {

inline Bytes message(std::uint16_t type, std::span<const std::byte> payload, std::size_t length_in_header,
                     std::uint32_t sequence = 0) {
  nlmsghdr header{};
  header.nlmsg_len = static_cast<std::uint32_t>(length_in_header);
  header.nlmsg_type = type;
  header.nlmsg_seq = sequence;
  Bytes bytes(sizeof header + payload.size());
  std::memcpy(bytes.data(), &header, sizeof header);
  if (!payload.empty()) std::memcpy(bytes.data() + sizeof header, payload.data(), payload.size());
  return bytes;
}

// A record as it comes to the registered daemon: the length in its header lacks the header.
inline Bytes unicast(std::uint16_t type, std::string_view text) {
  return message(type, std::as_bytes(std::span(text)), text.size());
}

// A record as it comes to the multicast group.
inline Bytes multicast(std::uint16_t type, std::string_view text) {
  return message(type, std::as_bytes(std::span(text)), NLMSG_HDRLEN + text.size());
}

// A control message.
template <typename T>
Bytes reply(std::uint16_t type, const T& value, std::uint32_t sequence = 0) {
  return message(type, std::as_bytes(std::span(&value, 1)), NLMSG_HDRLEN + sizeof value, sequence);
}

inline Bytes ack(std::uint16_t request, std::int32_t error, std::uint32_t sequence = 1) {
  nlmsgerr value{};
  value.error = error;
  value.msg.nlmsg_type = request;
  return reply(NLMSG_ERROR, value, sequence);
}

}  // namespace naudit::netlink::test
