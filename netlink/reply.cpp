// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "netlink/reply.hpp"

#include <linux/audit.h>
#include <linux/netlink.h>

#include <algorithm>
#include <cstring>

namespace naudit::netlink {
namespace {

// Copies what is there of a T; the rest stays zero. Nothing if fewer than `least` bytes are there.
template <typename T>
std::optional<T> read(std::span<const std::byte> bytes, std::size_t least = sizeof(T)) {
  if (bytes.size() < least) return std::nullopt;
  T value{};
  std::memcpy(&value, bytes.data(), std::min(bytes.size(), sizeof value));
  return value;
}

}  // namespace

std::optional<Reply> parse_reply(std::span<const std::byte> datagram) {
  const auto header = read<nlmsghdr>(datagram);
  if (!header || header->nlmsg_len < NLMSG_HDRLEN || header->nlmsg_len > datagram.size()) return std::nullopt;
  return Reply{header->nlmsg_type, header->nlmsg_seq, datagram.subspan(NLMSG_HDRLEN, header->nlmsg_len - NLMSG_HDRLEN)};
}

std::optional<Ack> parse_ack(const Reply& reply) {
  const auto error = read<nlmsgerr>(reply.payload);
  if (reply.type != NLMSG_ERROR || !error) return std::nullopt;
  return Ack{reply.sequence, error->msg.nlmsg_type, error->error};
}

std::optional<KernelStatus> parse_status(std::span<const std::byte> payload) {
  const auto wire = read<audit_status>(payload, offsetof(audit_status, feature_bitmap));
  if (!wire) return std::nullopt;
  KernelStatus status{wire->enabled,           wire->failure, wire->pid,     wire->rate_limit,
                      wire->backlog_limit,     wire->lost,    wire->backlog, wire->feature_bitmap,
                      wire->backlog_wait_time, std::nullopt};
  if (payload.size() >= sizeof(audit_status)) status.backlog_wait_time_actual = wire->backlog_wait_time_actual;
  return status;
}

std::optional<KernelFeatures> parse_features(std::span<const std::byte> payload) {
  const auto wire = read<audit_features>(payload);
  if (!wire) return std::nullopt;
  return KernelFeatures{wire->mask, wire->features, wire->lock};
}

std::optional<SignalSender> parse_signal_sender(std::span<const std::byte> payload) {
  struct SigInfo {
    std::uint32_t uid;
    std::int32_t pid;
  };
  const auto wire = read<SigInfo>(payload);
  if (!wire) return std::nullopt;
  return SignalSender{wire->uid, wire->pid};
}

}  // namespace naudit::netlink
