// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What the kernel answers on the request socket: a datagram, its header and each of the payloads that it may have.
#include <cstddef>
#include <cstdint>
#include <span>

#include "netlink/reply.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit::netlink;
  const std::span bytes(reinterpret_cast<const std::byte*>(data), size);
  const auto check = [](std::span<const std::byte> payload) {
    // A payload that is too short is none; one of a later kernel may be longer.
    if (const auto status = parse_status(payload); status && payload.size() < 32) __builtin_trap();
    if (const auto features = parse_features(payload); features && payload.size() < 12) __builtin_trap();
    if (const auto sender = parse_signal_sender(payload); sender && payload.size() < 8) __builtin_trap();
  };
  check(bytes);
  const auto reply = parse_reply(bytes);
  if (!reply) return 0;
  if (reply->payload.data() < bytes.data() ||
      reply->payload.data() + reply->payload.size() > bytes.data() + bytes.size())
    __builtin_trap();
  check(reply->payload);
  if (const auto ack = parse_ack(*reply); ack && reply->payload.size() < 4) __builtin_trap();
  return 0;
}
