// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <atomic>
#include <cstdint>

namespace naudit::netlink {

// A number that one thread adds to and any thread may read. No locked instruction.
class Counter {
 public:
  void add(std::uint64_t n) noexcept { value_.store(value() + n, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// What happened on the event socket since it was opened. The receiver's thread adds, any thread reads.
struct Counters {
  Counter records;
  Counter bytes;          // of the records' text
  Counter receive_calls;  // recvmmsg
  Counter overruns;   // ENOBUFS: the receive buffer was full. The kernel keeps and re-sends, so this is not yet loss
                      // (except of multicast copies); the kernel's own `lost` is
  Counter truncated;  // longer than a slot, dropped
  Counter too_short;  // without a whole header, dropped
  Counter foreign;    // from another process, dropped
  Counter replies;    // control messages that are no record
  Counter replace_probes;  // 1329
  Counter errors;          // any other error of the receive call
};

}  // namespace naudit::netlink
