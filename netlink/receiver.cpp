// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "netlink/receiver.hpp"

#include <linux/audit.h>
#include <sys/mman.h>

#include <cerrno>
#include <new>
#include <utility>

namespace naudit::netlink {
namespace {

constexpr std::chrono::milliseconds kAfterError{100};

constexpr std::size_t kSlabBytes = Slab::kSlots * Slab::kSlotSize;
constexpr std::size_t kLong = std::size_t{3} * 1024;  // may reach into a second page
constexpr std::size_t kLongRecordsKept = 64;

static_assert(Slab::kSlotSize % NLMSG_ALIGNTO == 0);

}  // namespace

Slab::Slab(Senders senders)
    : memory_(static_cast<std::byte*>(
          ::mmap(nullptr, kSlabBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0))) {
  if (memory_ == MAP_FAILED) throw std::bad_alloc{};
  // A huge page would make all of it resident at the first touch.
  ::madvise(memory_, kSlabBytes, MADV_NOHUGEPAGE);
  for (std::size_t i = 0; i < kSlots; ++i) {
    slots_[i] = {memory_ + i * kSlotSize, kSlotSize};
    if (senders == Senders::kAny) {
      headers_[i].msg_hdr.msg_name = &senders_[i];
      headers_[i].msg_hdr.msg_namelen = sizeof senders_[i];
    }
    headers_[i].msg_hdr.msg_iov = &slots_[i];
    headers_[i].msg_hdr.msg_iovlen = 1;
  }
}

Slab::~Slab() {
  ::munmap(memory_, kSlabBytes);
}

Datagram Slab::datagram(std::size_t slot) const noexcept {
  const mmsghdr& header = headers_[slot];
  return {
      {memory_ + slot * kSlotSize, header.msg_len}, senders_[slot].nl_pid, (header.msg_hdr.msg_flags & MSG_TRUNC) != 0};
}

void Slab::trim(std::size_t used) noexcept {
  for (std::size_t i = 0; i < used; ++i) long_records_ += headers_[i].msg_len > kLong ? 1U : 0U;
  if (long_records_ >= kLongRecordsKept) {
    ::madvise(memory_, kSlabBytes, MADV_DONTNEED);
    long_records_ = 0;
  }
}

Receiver::Receiver(int event_socket, Senders senders, Handlers handlers, std::chrono::nanoseconds pause)
    : fd_(event_socket), handlers_(std::move(handlers)), pause_(pause), slab_(senders) {}

bool Receiver::receive() {
  const std::size_t received = receive_batch();
  in_a_row_ += received;
  return received == Slab::kSlots;
}

std::chrono::nanoseconds Receiver::pause() noexcept {
  return failed_ ? kAfterError : pause_.next(std::exchange(in_a_row_, 0), now_);
}

bool Receiver::drain_rest(Clock::time_point deadline) {
  std::size_t received = 0;
  do {
    received = receive_batch();
  } while (received > 0 && now_ < deadline);
  return received == 0 && !failed_;
}

// One batch: how many datagrams, 0 when the socket is empty or failed.
std::size_t Receiver::receive_batch() {
  int received = -1;
  do {
    received = ::recvmmsg(fd_, slab_.headers().data(), Slab::kSlots, MSG_DONTWAIT, nullptr);
    counters_.receive_calls.add(1);
    if (received < 0 && errno == ENOBUFS) counters_.overruns.add(1);
  } while (received < 0 && (errno == EINTR || errno == ENOBUFS));
  now_ = Clock::now();
  failed_ = received < 0 && errno != EAGAIN;
  if (failed_) {
    counters_.errors.add(1);
    handlers_.on_error({errno, std::system_category()});
  }
  return received <= 0 ? 0 : deliver(static_cast<std::size_t>(received));
}

std::size_t Receiver::deliver(std::size_t received) {
  std::size_t records = 0;
  std::size_t bytes = 0;
  std::size_t control = 0;
  for (std::size_t slot = 0; slot < received; ++slot) {
    const Classified message = classify(slab_.datagram(slot));
    if (message.content == Content::kRecord) {
      records_[records++] = message.record;
      bytes += message.record.text.size();
    } else {
      control_[control++] = static_cast<std::uint16_t>(slot);
    }
  }
  counters_.records.add(records);
  counters_.bytes.add(bytes);
  if (records > 0) handlers_.on_records({records_.data(), records}, now_);
  for (std::size_t i = 0; i < control; ++i) on_control(classify(slab_.datagram(control_[i])));
  slab_.trim(received);
  return received;
}

void Receiver::on_control(const Classified& message) {
  switch (message.content) {
    case Content::kAck:
      counters_.replies.add(1);
      if (message.ack.request == AUDIT_SET) handlers_.on_registration({-message.ack.error, std::system_category()});
      break;
    case Content::kReplace:
      counters_.replace_probes.add(1);
      handlers_.on_replace(static_cast<pid_t>(message.pid));
      break;
    case Content::kReply:
      counters_.replies.add(1);
      break;
    case Content::kForeign:
      counters_.foreign.add(1);
      break;
    case Content::kTruncated:
      counters_.truncated.add(1);
      break;
    case Content::kShort:
      counters_.too_short.add(1);
      break;
    case Content::kRecord:
      break;
  }
}

}  // namespace naudit::netlink
