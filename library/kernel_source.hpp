// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <system_error>

#include "base/descriptor.hpp"
#include "correlate/correlator.hpp"
#include "correlate/serial_gaps.hpp"
#include "netlink/event_socket.hpp"
#include "netlink/receiver.hpp"

namespace naudit::library {

// This machine's records, as the kernel gives a copy of them to whoever may read them: it takes nothing from the audit
// daemon that runs, and changes nothing in the kernel.
//
// Owner: a reader; its thread. No call waits.
class KernelSource {
 public:
  // `receive_buffer` in bytes, as EventSocket takes it. Throws std::system_error: EPERM without CAP_AUDIT_READ.
  KernelSource(std::size_t receive_buffer, correlate::EventPool& pool);
  KernelSource(const KernelSource&) = delete;
  KernelSource& operator=(const KernelSource&) = delete;

  // Readable when receive() has something to do, for want of records also when an event has become due.
  [[nodiscard]] int fd() const noexcept { return both_.get(); }
  // Takes what is there, a bounded part of it, and appends the events that became whole. Throws std::system_error.
  void receive(correlate::EventBatch& out);
  // The events that are still open.
  void flush(correlate::EventBatch& out) { correlator_.flush(correlate::Incomplete::kStopped, out); }
  [[nodiscard]] std::optional<correlate::TimePoint> next_due() const;

  [[nodiscard]] const netlink::Counters& received() const noexcept { return receiver_.counters(); }
  [[nodiscard]] const correlate::Correlator::Counters& correlated() const noexcept { return correlator_.counters(); }
  [[nodiscard]] std::uint64_t missed() const noexcept { return gaps_.counters().events.value(); }

 private:
  static netlink::EventSocket open(std::size_t receive_buffer);
  void take(std::span<const netlink::Record> records, correlate::TimePoint now);
  void arm();

  netlink::EventSocket socket_;
  netlink::Receiver receiver_;
  correlate::Correlator correlator_;
  correlate::SerialGaps gaps_;
  correlate::HeaderReader headers_;
  base::Descriptor timer_, both_;
  correlate::EventBatch* out_ = nullptr;  // of the receive() under way
  std::error_code error_;                 // of it
  std::optional<correlate::TimePoint> armed_;
};

}  // namespace naudit::library
