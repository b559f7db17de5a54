// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "netlink/receiver.hpp"

#include <linux/audit.h>
#include <sys/mman.h>

#include <cerrno>
#include <new>
#include <utility>

#include <boost/asio/post.hpp>

namespace naudit::netlink {
namespace {

using boost::system::error_code;

// So that a timer of somebody else on this loop is late by no more than a few milliseconds.
constexpr int kFullBatchesInARow = 16;

constexpr std::chrono::milliseconds kAfterError{100};

constexpr std::size_t kSlabBytes = Slab::kSlots * Slab::kSlotSize;
constexpr std::size_t kLong = std::size_t{3} * 1024;  // may reach into a second page
constexpr std::size_t kLongRecordsKept = 64;

static_assert(Slab::kSlotSize % NLMSG_ALIGNTO == 0);

}  // namespace

Slab::Slab()
    : memory_(static_cast<std::byte*>(
          ::mmap(nullptr, kSlabBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0))) {
  if (memory_ == MAP_FAILED) throw std::bad_alloc{};
  // A huge page would make all of it resident at the first touch.
  ::madvise(memory_, kSlabBytes, MADV_NOHUGEPAGE);
  for (std::size_t i = 0; i < kSlots; ++i) {
    slots_[i] = {memory_ + i * kSlotSize, kSlotSize};
    headers_[i].msg_hdr.msg_name = &senders_[i];
    headers_[i].msg_hdr.msg_namelen = sizeof senders_[i];
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

Receiver::Receiver(boost::asio::io_context& loop, int event_socket, Handlers handlers, std::chrono::nanoseconds pause)
    : fd_(event_socket), handlers_(std::move(handlers)), pause_(pause), loop_(loop), descriptor_(loop), timer_(loop) {}

Receiver::~Receiver() {
  pause_reading();
}

void Receiver::resume_reading() {
  if (!reading_) {
    reading_ = true;
    wait(std::chrono::nanoseconds{0});
  }
}

void Receiver::pause_reading() {
  reading_ = false;
  ++turn_;
  timer_.cancel();
  if (descriptor_.is_open()) descriptor_.release();  // the socket owns it, and closes it
}

void Receiver::listen() {
  if (!descriptor_.is_open()) descriptor_.assign(fd_);
  descriptor_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                         [this, turn = ++turn_](const error_code& error) {
                           if (!error && turn == turn_) on_ready();
                         });
}

void Receiver::wait(std::chrono::nanoseconds time) {
  if (descriptor_.is_open()) descriptor_.release();
  const std::uint64_t turn = ++turn_;
  if (time.count() == 0) {
    boost::asio::post(loop_, [this, turn] {
      if (turn == turn_) on_ready();
    });
    return;
  }
  timer_.expires_after(time);
  timer_.async_wait([this, turn](const error_code& error) {
    if (!error && turn == turn_) on_ready();
  });
}

void Receiver::on_ready() {
  std::size_t received = Slab::kSlots;
  for (int batch = 0; received == Slab::kSlots && batch < kFullBatchesInARow; ++batch) {
    received = receive();
    if (!reading_) return;  // a handler has paused us
  }
  if (received == Slab::kSlots) {
    wait(std::chrono::nanoseconds{0});
    return;
  }
  const std::chrono::nanoseconds pause = failed_ ? kAfterError : pause_.next(received, now_);
  if (pause.count() == 0)
    listen();
  else
    wait(pause);
}

bool Receiver::drain_rest(Clock::time_point deadline) {
  pause_reading();
  std::size_t received = 0;
  do {
    received = receive();
  } while (received > 0 && now_ < deadline);
  return received == 0 && !failed_;
}

// One batch: how many datagrams, 0 when the socket is empty or failed.
std::size_t Receiver::receive() {
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
