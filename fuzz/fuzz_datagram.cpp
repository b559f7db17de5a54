// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <linux/netlink.h>

#include <cstdint>
#include <cstdlib>
#include <span>

#include "netlink/datagram.hpp"

// The first byte says where the datagram came from (bit 0: another process, bit 1: it was truncated), the rest is it.
// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit::netlink;
  if (size == 0) return 0;
  const auto bytes = std::as_bytes(std::span(data, size)).subspan(1);
  const bool foreign = (data[0] & 1U) != 0;
  const bool truncated = (data[0] & 2U) != 0;
  const Classified result = classify({bytes, foreign ? 4711U : 0U, truncated});
  if (foreign != (result.content == Content::kForeign)) std::abort();
  if (result.content == Content::kRecord) {
    const auto* text = reinterpret_cast<const std::byte*>(result.record.text.data());
    const auto* end = text + result.record.text.size();
    if (bytes.size() < NLMSG_HDRLEN || text != bytes.data() + NLMSG_HDRLEN || end > bytes.data() + bytes.size())
      std::abort();
  }
  if (const auto reply = parse_reply(bytes)) {
    static_cast<void>(parse_ack(*reply));
    static_cast<void>(parse_status(reply->payload));
    static_cast<void>(parse_features(reply->payload));
    static_cast<void>(parse_signal_sender(reply->payload));
  }
  return 0;
}
