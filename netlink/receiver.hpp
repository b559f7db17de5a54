// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/types.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <system_error>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "netlink/counters.hpp"
#include "netlink/datagram.hpp"
#include "netlink/pause.hpp"

namespace naudit::netlink {

// The memory that one recvmmsg call fills: kSlots slots for one datagram each, and the headers that describe them to
// the kernel. Owner: the receiver; what a slot holds is valid until the next receive.
//
// A slot holds more than the kernel's largest record (MAX_AUDIT_MESSAGE_LENGTH, 8970 bytes, and a header). Records are
// small, so of most slots only the first page is ever touched: about 1 MiB of 3.3 is resident.
class Slab {
 public:
  static constexpr std::size_t kSlots = 256;
  // Not a multiple of the page size: equal offsets in every slot would share few lines of the processor's caches.
  static constexpr std::size_t kSlotSize = std::size_t{13} * 1024;

  Slab();  // throws std::bad_alloc
  Slab(const Slab&) = delete;
  Slab& operator=(const Slab&) = delete;
  ~Slab();

  [[nodiscard]] std::span<mmsghdr, kSlots> headers() noexcept { return headers_; }
  [[nodiscard]] Datagram datagram(std::size_t slot) const noexcept;
  // Gives the memory back to the system when long records have touched many pages. At most once for every 64 such
  // records.
  void trim(std::size_t used) noexcept;

 private:
  std::byte* memory_;
  std::size_t long_records_ = 0;
  std::array<mmsghdr, kSlots> headers_{};
  std::array<iovec, kSlots> slots_{};
  std::array<sockaddr_nl, kSlots> senders_{};
};

// Receives from the event socket, in batches, and hands the records on.
//
// On a quiet host the kernel wakes us for each record. Under load the socket leaves the loop's set of descriptors and a
// timer polls it: in the set, each new record would wake us however long we meant to pause.
//
// Everything but the counters is for one thread, the one that runs the loop; that must have stopped when the receiver
// is destroyed. The handlers run there, must not block, and must neither destroy the receiver nor drain it. Per record:
// no allocation, no system call, no lock, and no failure: what is not a record is counted.
class Receiver {
 public:
  using Clock = std::chrono::steady_clock;

  struct Handlers {
    // Up to Slab::kSlots records, valid until it returns, and when they were received. Never empty.
    std::function<void(std::span<const Record>, Clock::time_point)> on_records;
    // The answer to EventSocket::request_registration; success is an empty code. After the records that came before it.
    std::function<void(std::error_code)> on_registration;
    // The kernel tests whether we are alive, because this process wants to register (or we ourselves to unregister).
    std::function<void(pid_t)> on_replace;
    // The receive call failed (ENOBUFS, which is only counted, apart). It is tried again every 100 ms.
    std::function<void(std::error_code)> on_error;
  };

  // event_socket: the descriptor of one, which stays the caller's and outlives the receiver. pause: see Pause. All
  // handlers must be set.
  Receiver(boost::asio::io_context& loop, int event_socket, Handlers handlers,
           std::chrono::nanoseconds pause = std::chrono::milliseconds{1});
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  ~Receiver();

  // From the start, and after pause_reading(): begins to receive, with what is there already.
  void resume_reading();
  // Back-pressure and stop: no handler runs after it, until resume_reading() or drain_rest(). A handler may call it.
  void pause_reading();
  // Receives until the socket is empty, or until `deadline`: true if it is empty. For the stop, after the kernel has
  // unregistered us, so that nothing it had sent is left behind. Works while reading is paused, and leaves it paused.
  bool drain_rest(Clock::time_point deadline);

  [[nodiscard]] const Counters& counters() const noexcept { return counters_; }  // any thread

 private:
  void listen();
  void wait(std::chrono::nanoseconds time);
  void on_ready();
  std::size_t receive();
  std::size_t deliver(std::size_t received);
  void on_control(const Classified& message);

  int fd_;
  Handlers handlers_;
  Pause pause_;
  Counters counters_;
  boost::asio::io_context& loop_;
  boost::asio::posix::stream_descriptor descriptor_;
  boost::asio::steady_timer timer_;
  bool reading_ = false;
  bool failed_ = false;     // the last receive
  std::uint64_t turn_ = 0;  // of the wait that is under way; the handler of an older one does nothing
  Clock::time_point now_{};
  Slab slab_;
  std::array<Record, Slab::kSlots> records_{};         // of the batch in hand
  std::array<std::uint16_t, Slab::kSlots> control_{};  // slots of it that hold no record
};

}  // namespace naudit::netlink
