// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "library/kernel_source.hpp"

#include <sys/epoll.h>
#include <sys/timerfd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <span>
#include <utility>

namespace naudit::library {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

// Of so many batches a caller's loop gets its turn again; the descriptor stays readable.
constexpr int kMostBatches = 16;
constexpr correlate::Correlator::Options kOptions{.source = correlate::Source::kLive};
// For so long nobody has called us, and what seems to be missing lies in the socket.
constexpr seconds kStoodStill{1};

base::Descriptor opened(int fd, const char* what) {
  if (fd < 0) throw std::system_error(errno, std::system_category(), what);
  return base::Descriptor(fd);
}

void add(int epoll, int fd) {
  epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
  if (::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0)
    throw std::system_error(errno, std::system_category(), "epoll_ctl");
}

}  // namespace

netlink::EventSocket KernelSource::open(std::size_t receive_buffer) {
  auto socket = netlink::EventSocket::open(netlink::EventSocket::Mode::kObserve, receive_buffer);
  if (!socket) throw std::system_error(socket.error(), "the kernel's audit records (CAP_AUDIT_READ is needed)");
  return std::move(*socket);
}

KernelSource::KernelSource(std::size_t receive_buffer, correlate::EventPool& pool)
    : socket_(open(receive_buffer)),
      receiver_(socket_.fd(), socket_.senders(),
                {.on_records = [this](auto records, auto now) { take(records, now); },
                 .on_registration = [](std::error_code) {},
                 .on_replace = [](pid_t) {},
                 .on_error = [this](std::error_code error) { error_ = error; }}),
      correlator_(kOptions, pool),
      gaps_(kOptions.timeout),
      timer_(opened(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK), "timerfd_create")),
      both_(opened(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")) {
  add(both_.get(), socket_.fd());
  add(both_.get(), timer_.get());
}

void KernelSource::take(std::span<const netlink::Record> records, correlate::TimePoint now) {
  for (const netlink::Record& record : records) {
    const correlate::Input input{.type = record.type, .text = record.text, .node = {}, .name = {}};
    correlate::Header header;
    if (!headers_.read(record.text, header)) {
      correlator_.add(input, now, *out_);
      continue;
    }
    gaps_.note(header.id.serial, now);
    correlator_.add(input, header, now, *out_);
  }
}

void KernelSource::receive(correlate::EventBatch& out) {
  out_ = &out;
  error_ = {};
  for (int batches = 0; batches < kMostBatches && receiver_.receive(); ++batches) {
  }
  const auto now = steady_clock::now();
  if (const auto due = next_due(); due && now >= *due) {
    if (now - *due > kStoodStill) gaps_.restart(now);
    correlator_.age(now, out);
    gaps_.age(now);
  }
  arm();
  if (error_) throw std::system_error(error_, "the kernel's audit records");
}

std::optional<correlate::TimePoint> KernelSource::next_due() const {
  const auto due = correlator_.next_due();
  const auto gap = gaps_.next_due();
  return due && gap ? std::min(*due, *gap) : due ? due : gap;
}

void KernelSource::arm() {
  const auto due = next_due();
  if (due == armed_ && (!due || *due > steady_clock::now())) return;
  itimerspec at{};
  if (due) {
    // All zero would disarm it.
    const auto time = std::max(due->time_since_epoch(), nanoseconds(1));
    const auto whole = std::chrono::duration_cast<seconds>(time);
    at.it_value = {.tv_sec = whole.count(), .tv_nsec = (time - whole).count()};
  }
  if (::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &at, nullptr) != 0)
    throw std::system_error(errno, std::system_category(), "timerfd_settime");
  armed_ = due;
}

}  // namespace naudit::library
