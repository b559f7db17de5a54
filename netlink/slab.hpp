// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <linux/netlink.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <memory>
#include <span>

#include "netlink/datagram.hpp"

namespace naudit::netlink {

// The memory that one recvmmsg call fills: kSlots slots for one datagram each, and the headers that describe them to
// the kernel. Owned by the receiver; what a slot holds is valid until the next receive.
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

}  // namespace naudit::netlink
