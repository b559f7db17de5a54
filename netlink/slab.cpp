// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "netlink/slab.hpp"

#include <sys/mman.h>

#include <new>

namespace naudit::netlink {
namespace {

constexpr std::size_t kBytes = Slab::kSlots * Slab::kSlotSize;
constexpr std::size_t kLong = std::size_t{3} * 1024;  // may reach into a second page
constexpr std::size_t kLongRecordsKept = 64;

static_assert(Slab::kSlotSize % NLMSG_ALIGNTO == 0);

}  // namespace

Slab::Slab()
    : memory_(static_cast<std::byte*>(
          ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0))) {
  if (memory_ == MAP_FAILED) throw std::bad_alloc{};
  // A huge page would make all of it resident at the first touch.
  ::madvise(memory_, kBytes, MADV_NOHUGEPAGE);
  for (std::size_t i = 0; i < kSlots; ++i) {
    slots_[i] = {memory_ + i * kSlotSize, kSlotSize};
    headers_[i].msg_hdr.msg_name = &senders_[i];
    headers_[i].msg_hdr.msg_namelen = sizeof senders_[i];
    headers_[i].msg_hdr.msg_iov = &slots_[i];
    headers_[i].msg_hdr.msg_iovlen = 1;
  }
}

Slab::~Slab() {
  ::munmap(memory_, kBytes);
}

Datagram Slab::datagram(std::size_t slot) const noexcept {
  const mmsghdr& header = headers_[slot];
  return {
      {memory_ + slot * kSlotSize, header.msg_len}, senders_[slot].nl_pid, (header.msg_hdr.msg_flags & MSG_TRUNC) != 0};
}

void Slab::trim(std::size_t used) noexcept {
  for (std::size_t i = 0; i < used; ++i) long_records_ += headers_[i].msg_len > kLong ? 1U : 0U;
  if (long_records_ >= kLongRecordsKept) {
    ::madvise(memory_, kBytes, MADV_DONTNEED);
    long_records_ = 0;
  }
}

}  // namespace naudit::netlink
