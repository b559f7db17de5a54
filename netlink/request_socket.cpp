// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "netlink/request_socket.hpp"

#include <linux/audit.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <thread>
#include <utility>

#include "netlink/reply.hpp"
#include "netlink/request.hpp"
#include "netlink/socket.hpp"

namespace naudit::netlink {
namespace {

using Clock = std::chrono::steady_clock;

// An answer is at most a rule with all its strings: 1040 bytes, and a few of up to 4096 each.
constexpr std::size_t kLargestAnswer = std::size_t{64} * 1024;

Result<void> to_result(std::int32_t ack_error) {
  if (ack_error < 0) return tl::unexpected(std::error_code{-ack_error, std::system_category()});
  return {};
}

tl::unexpected<std::error_code> failure(std::errc error) {
  return tl::unexpected(std::make_error_code(error));
}

}  // namespace

struct RequestSocket::Impl {
  Socket socket;
  std::chrono::milliseconds timeout;
  std::uint32_t sequence = 0;
  Bytes buffer = Bytes(kLargestAnswer);

  Result<void> send(const Request& request);
  Result<std::span<const std::byte>> receive(Clock::time_point deadline);
  Result<Reply> next_reply(Clock::time_point deadline);
  Result<std::int32_t> acknowledged(const Request& request);
  Result<void> perform(const Request& request) { return acknowledged(request).and_then(to_result); }
  Result<std::uint32_t> reset(const Request& request);
  Result<Bytes> ask(const Request& request);
  Result<std::vector<Bytes>> ask_all(const Request& request);
  template <typename T>
  Result<T> ask_for(const Request& request, std::optional<T> (*parse)(std::span<const std::byte>));
};

Result<void> RequestSocket::Impl::send(const Request& request) {
  if (const std::error_code error = send_to_kernel(socket.get(), encode(request, ++sequence)))
    return tl::unexpected(error);
  return {};
}

// recvmsg and not libmnl's receive, which does not tell the sender.
Result<std::span<const std::byte>> RequestSocket::Impl::receive(Clock::time_point deadline) {
  const int fd = mnl_socket_get_fd(socket.get());
  for (;;) {
    sockaddr_nl sender{};
    iovec slot{buffer.data(), buffer.size()};
    msghdr header{};
    header.msg_name = &sender;
    header.msg_namelen = sizeof sender;
    header.msg_iov = &slot;
    header.msg_iovlen = 1;
    const ssize_t size = ::recvmsg(fd, &header, MSG_DONTWAIT);
    if (size >= 0 && sender.nl_pid != 0) continue;  // another process wrote to our port
    if (size >= 0 && (header.msg_flags & MSG_TRUNC) != 0) return failure(std::errc::message_size);
    if (size >= 0) return std::span<const std::byte>(buffer.data(), static_cast<std::size_t>(size));
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return tl::unexpected(last_error());
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) return failure(std::errc::timed_out);
    pollfd wait{fd, POLLIN, 0};
    if (::poll(&wait, 1, static_cast<int>(std::min<std::int64_t>(left.count(), 60'000))) < 0 && errno != EINTR)
      return tl::unexpected(last_error());
  }
}

// The next message that belongs to the last request. What an earlier request left behind is passed over.
Result<Reply> RequestSocket::Impl::next_reply(Clock::time_point deadline) {
  for (;;) {
    const auto datagram = receive(deadline);
    if (!datagram) return tl::unexpected(datagram.error());
    const auto reply = parse_reply(*datagram);
    if (reply && reply->sequence == sequence) return *reply;
    if (Clock::now() >= deadline) return failure(std::errc::timed_out);
  }
}

Result<std::int32_t> RequestSocket::Impl::acknowledged(const Request& request) {
  if (auto sent = send(request); !sent) return tl::unexpected(sent.error());
  const auto deadline = Clock::now() + timeout;
  for (;;) {
    const auto reply = next_reply(deadline);
    if (!reply) return tl::unexpected(reply.error());
    if (const auto ack = parse_ack(*reply)) return ack->error;
  }
}

Result<std::uint32_t> RequestSocket::Impl::reset(const Request& request) {
  const auto old = acknowledged(request);
  if (!old) return tl::unexpected(old.error());
  if (const auto refused = to_result(*old); !refused) return tl::unexpected(refused.error());
  return static_cast<std::uint32_t>(*old);
}

// The answer comes from a kernel thread of its own: before or after the acknowledgement.
Result<Bytes> RequestSocket::Impl::ask(const Request& request) {
  if (auto sent = send(request); !sent) return tl::unexpected(sent.error());
  const auto deadline = Clock::now() + timeout;
  for (;;) {
    const auto reply = next_reply(deadline);
    if (!reply) return tl::unexpected(reply.error());
    if (const auto ack = parse_ack(*reply); ack && ack->error < 0) return tl::unexpected(to_result(ack->error).error());
    if (reply->type == request.type) return Bytes(reply->payload.begin(), reply->payload.end());
  }
}

Result<std::vector<Bytes>> RequestSocket::Impl::ask_all(const Request& request) {
  if (auto sent = send(request); !sent) return tl::unexpected(sent.error());
  std::vector<Bytes> answers;
  for (;;) {
    // A long list may take long; what must not is one step of it.
    const auto reply = next_reply(Clock::now() + timeout);
    if (!reply) return tl::unexpected(reply.error());
    if (const auto ack = parse_ack(*reply); ack && ack->error < 0) return tl::unexpected(to_result(ack->error).error());
    if (reply->type == NLMSG_DONE) return answers;
    if (reply->type == request.type) answers.emplace_back(reply->payload.begin(), reply->payload.end());
  }
}

template <typename T>
Result<T> RequestSocket::Impl::ask_for(const Request& request, std::optional<T> (*parse)(std::span<const std::byte>)) {
  const auto payload = ask(request);
  if (!payload) return tl::unexpected(payload.error());
  const std::optional<T> value = parse(*payload);
  if (!value) return failure(std::errc::bad_message);
  return *value;
}

Result<RequestSocket> RequestSocket::open(std::chrono::milliseconds timeout) {
  auto socket = open_socket(0);
  if (!socket) return tl::unexpected(socket.error());
  return RequestSocket{std::make_unique<Impl>(Impl{std::move(*socket), timeout})};
}

RequestSocket::RequestSocket(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
RequestSocket::RequestSocket(RequestSocket&&) noexcept = default;
RequestSocket& RequestSocket::operator=(RequestSocket&&) noexcept = default;
RequestSocket::~RequestSocket() = default;

Result<KernelStatus> RequestSocket::status() {
  return impl_->ask_for(status_request(), parse_status);
}

Result<KernelFeatures> RequestSocket::features() {
  return impl_->ask_for(features_request(), parse_features);
}

Result<void> RequestSocket::set(const StatusChange& change) {
  for (const Request& request : change_requests(change))
    if (auto done = impl_->perform(request); !done) return done;
  return {};
}

Result<void> RequestSocket::set_loginuid_immutable() {
  return impl_->perform(loginuid_immutable_request());
}

Result<std::uint32_t> RequestSocket::reset_lost() {
  return impl_->reset(reset_lost_request());
}

Result<std::uint32_t> RequestSocket::reset_backlog_wait_time_actual() {
  return impl_->reset(reset_backlog_wait_time_actual_request());
}

Result<void> RequestSocket::unregister() {
  return impl_->perform(set_pid_request(0));
}

Result<bool> RequestSocket::wait_until_delivered(std::chrono::milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  for (;;) {
    const auto now = status();
    if (!now) return tl::unexpected(now.error());
    if (now->backlog == 0 || Clock::now() >= deadline) return now->backlog == 0;
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
}

Result<SignalSender> RequestSocket::signal_sender() {
  return impl_->ask_for(signal_sender_request(), parse_signal_sender);
}

Result<std::vector<Bytes>> RequestSocket::list_rules() {
  return impl_->ask_all(list_rules_request());
}

Result<void> RequestSocket::add_rule(std::span<const std::byte> rule) {
  return impl_->perform(add_rule_request(rule));
}

Result<void> RequestSocket::delete_rule(std::span<const std::byte> rule) {
  return impl_->perform(delete_rule_request(rule));
}

Result<void> RequestSocket::trim() {
  return impl_->perform(trim_request());
}

Result<void> RequestSocket::make_equivalent(std::string_view mount, std::string_view subtree) {
  return impl_->perform(make_equivalent_request(mount, subtree));
}

Result<void> RequestSocket::send_user_message(std::uint16_t type, std::string_view text) {
  if (text.size() > AUDIT_MESSAGE_TEXT_MAX)
    return failure(std::errc::message_size);  // the kernel would cut it without a word
  return impl_->perform(user_message_request(type, text));
}

}  // namespace naudit::netlink
