// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "netlink/request.hpp"

#include <linux/audit.h>
#include <linux/netlink.h>

#include <cstring>
#include <type_traits>

#include <libmnl/libmnl.h>

namespace naudit::netlink {
namespace {

constexpr std::uint32_t kLoginuidImmutable = AUDIT_FEATURE_TO_MASK(AUDIT_FEATURE_LOGINUID_IMMUTABLE);

void append(Bytes& bytes, const void* data, std::size_t size) {
  const auto* first = static_cast<const std::byte*>(data);
  bytes.insert(bytes.end(), first, first + size);
}

template <typename T>
Request with_struct(std::uint16_t type, const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  Request request{type, {}};
  append(request.payload, &value, sizeof value);
  return request;
}

Request with_bytes(std::uint16_t type, std::span<const std::byte> bytes) {
  return {type, Bytes(bytes.begin(), bytes.end())};
}

Request set_request(std::uint32_t mask, std::uint32_t audit_status::* member, std::uint32_t value) {
  audit_status status{};
  status.mask = mask;
  status.*member = value;
  return with_struct(AUDIT_SET, status);
}

}  // namespace

Bytes encode(const Request& request, std::uint32_t sequence) {
  Bytes message(NLMSG_HDRLEN + NLMSG_ALIGN(request.payload.size()));
  nlmsghdr* header = mnl_nlmsg_put_header(message.data());
  header->nlmsg_type = request.type;
  header->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
  header->nlmsg_seq = sequence;
  if (!request.payload.empty()) {
    void* payload = mnl_nlmsg_put_extra_header(header, request.payload.size());
    std::memcpy(payload, request.payload.data(), request.payload.size());
  }
  return message;
}

Request status_request() {
  return {AUDIT_GET, {}};
}

Request features_request() {
  return with_struct(AUDIT_GET_FEATURE, audit_features{});
}

std::vector<Request> change_requests(const StatusChange& change) {
  std::vector<Request> requests;
  const auto add = [&requests](std::uint32_t mask, std::uint32_t audit_status::* member,
                               const std::optional<std::uint32_t>& value) {
    if (value) requests.push_back(set_request(mask, member, *value));
  };
  add(AUDIT_STATUS_FAILURE, &audit_status::failure, change.failure);
  add(AUDIT_STATUS_RATE_LIMIT, &audit_status::rate_limit, change.rate_limit);
  add(AUDIT_STATUS_BACKLOG_LIMIT, &audit_status::backlog_limit, change.backlog_limit);
  add(AUDIT_STATUS_BACKLOG_WAIT_TIME, &audit_status::backlog_wait_time, change.backlog_wait_time);
  add(AUDIT_STATUS_ENABLED, &audit_status::enabled, change.enabled);
  return requests;
}

Request set_pid_request(pid_t pid) {
  return set_request(AUDIT_STATUS_PID, &audit_status::pid, static_cast<std::uint32_t>(pid));
}

Request reset_lost_request() {
  return set_request(AUDIT_STATUS_LOST, &audit_status::lost, 0);
}

Request reset_backlog_wait_time_actual_request() {
  return set_request(AUDIT_STATUS_BACKLOG_WAIT_TIME_ACTUAL, &audit_status::backlog_wait_time_actual, 0);
}

Request loginuid_immutable_request() {
  audit_features features{};
  features.mask = kLoginuidImmutable;
  features.features = kLoginuidImmutable;
  features.lock = kLoginuidImmutable;
  return with_struct(AUDIT_SET_FEATURE, features);
}

Request signal_sender_request() {
  return {AUDIT_SIGNAL_INFO, {}};
}

Request list_rules_request() {
  return {AUDIT_LIST_RULES, {}};
}

Request add_rule_request(std::span<const std::byte> rule) {
  return with_bytes(AUDIT_ADD_RULE, rule);
}

Request delete_rule_request(std::span<const std::byte> rule) {
  return with_bytes(AUDIT_DEL_RULE, rule);
}

Request trim_request() {
  return {AUDIT_TRIM, {}};
}

Request make_equivalent_request(std::string_view mount, std::string_view subtree) {
  const std::uint32_t sizes[] = {static_cast<std::uint32_t>(mount.size()), static_cast<std::uint32_t>(subtree.size())};
  Request request = with_struct(AUDIT_MAKE_EQUIV, sizes);
  append(request.payload, mount.data(), mount.size());
  append(request.payload, subtree.data(), subtree.size());
  return request;
}

Request user_message_request(std::uint16_t type, std::string_view text) {
  Request request{type, {}};
  append(request.payload, text.data(), text.size());
  request.payload.push_back(std::byte{0});
  return request;
}

}  // namespace naudit::netlink
