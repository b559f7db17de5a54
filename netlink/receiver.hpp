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

#include "netlink/counters.hpp"
#include "netlink/datagram.hpp"
#include "netlink/pause.hpp"

namespace naudit::netlink {

// Whose datagrams can be in the socket.
enum class Senders : std::uint8_t {
  kKernel,  // the kernel refuses all others: no address is copied out for each record, a tenth of what one costs
  kAny      // each one's address is looked at
};

// The memory that one recvmmsg call fills: kSlots slots for one datagram each, and the headers that describe them to
// the kernel. Owner: the receiver; what a slot holds is valid until the next receive.
//
// A slot holds more than the kernel's largest record (MAX_AUDIT_MESSAGE_LENGTH, 8970 bytes, and a header). Records are
// small, so of most slots only the first page is ever touched: 256 KiB of 832 are resident.
class Slab {
 public:
  // As many as the processor's nearest caches hold until they are read.
  static constexpr std::size_t kSlots = 64;
  // Not a multiple of the page size: equal offsets in every slot would share few lines of the processor's caches.
  static constexpr std::size_t kSlotSize = std::size_t{13} * 1024;

  explicit Slab(Senders senders);  // throws std::bad_alloc
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

// Receives from the event socket, in batches, and hands the records on. When to receive is the caller's: on a quiet
// host the kernel wakes it for each record; under load it leaves the socket alone for a moment (pause()), for a socket
// that is polled wakes with each record however long one meant to sleep.
//
// Everything but the counters is for one thread at a time. The handlers run in receive() and drain_rest(), must not
// block, and must neither destroy the receiver nor call it. Per record: no allocation, no system call, no lock, and no
// failure: what is not a record is counted.
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
    // The receive call failed (ENOBUFS, which is only counted, apart). pause() is 100 ms then.
    std::function<void(std::error_code)> on_error;
  };

  // event_socket: the descriptor of one, which stays the caller's and outlives the receiver. pause: see Pause. All
  // handlers must be set.
  Receiver(int event_socket, Senders senders, Handlers handlers,
           std::chrono::nanoseconds pause = std::chrono::milliseconds{1});
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  // One receive call; does not wait. True: there may be more.
  bool receive();
  // After a receive() that was false: for how long to leave the socket alone. 0: until something comes.
  [[nodiscard]] std::chrono::nanoseconds pause() noexcept;
  // When the last receive call came back.
  [[nodiscard]] Clock::time_point now() const noexcept { return now_; }
  // Receives until the socket is empty, or until `deadline`: true if it is empty. For the stop, after the kernel has
  // unregistered us, so that nothing it had sent is left behind.
  bool drain_rest(Clock::time_point deadline);

  [[nodiscard]] const Counters& counters() const noexcept { return counters_; }  // any thread

 private:
  std::size_t receive_batch();
  std::size_t deliver(std::size_t received);
  void on_control(const Classified& message);

  int fd_;
  Handlers handlers_;
  Pause pause_;
  Counters counters_;
  bool failed_ = false;       // the last receive
  std::size_t in_a_row_ = 0;  // datagrams since the last pause
  Clock::time_point now_{};
  Slab slab_;
  std::array<Record, Slab::kSlots> records_{};         // of the batch in hand
  std::array<std::uint16_t, Slab::kSlots> control_{};  // slots of it that hold no record
};

}  // namespace naudit::netlink
