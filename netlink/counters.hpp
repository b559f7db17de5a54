// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>

#include "base/counter.hpp"
#include "netlink/status.hpp"

namespace naudit::netlink {

// What happened on the event socket since it was opened. The receiver's thread adds, any thread reads.
struct Counters {
  base::Counter records;
  base::Counter bytes;          // of the records' text
  base::Counter receive_calls;  // recvmmsg
  base::Counter overruns;       // ENOBUFS: the receive buffer was full. The kernel tries again; what it then frees is a
                                // gap in the serials (correlate/serial_gaps.hpp)
  base::Counter truncated;      // longer than a slot, dropped
  base::Counter too_short;      // without a whole header, dropped
  base::Counter foreign;        // from another process, dropped
  base::Counter replies;        // control messages that are no record
  base::Counter replace_probes;  // 1329
  base::Counter errors;          // any other error of the receive call
};

inline constexpr auto kReceiveCounters = std::to_array<base::CounterRow<Counters>>({
    {{"records", "records", base::CounterKind::kCounter, "received"}, &Counters::records},
    {{"bytes", "bytes", base::CounterKind::kCounter, "of their text"}, &Counters::bytes},
    {{"overruns", "times", base::CounterKind::kCounter,
      "that the socket's receive buffer was full; the kernel tries again, and what it cannot send then is a gap"},
     &Counters::overruns},
    {{"truncated", "messages", base::CounterKind::kFault, "that were longer than a record may be"},
     &Counters::truncated},
    {{"too_short", "messages", base::CounterKind::kFault, "without a whole header"}, &Counters::too_short},
    {{"foreign", "messages", base::CounterKind::kFault, "that are not from the kernel"}, &Counters::foreign},
    {{"errors", "errors", base::CounterKind::kFault, "of the socket"}, &Counters::errors},
    {{"replace_probes", "times", base::CounterKind::kCounter, "that another process tried to become the audit daemon"},
     &Counters::replace_probes},
});

// What the kernel counts and has set, under its own names.
inline constexpr auto kKernelCounters = std::to_array<base::CounterRow<KernelStatus>>({
    {{"enabled", "", base::CounterKind::kGauge, "0 off, 1 on, 2 on and locked until reboot"}, &KernelStatus::enabled},
    {{"failure", "", base::CounterKind::kGauge, "0 silent, 1 printk, 2 panic"}, &KernelStatus::failure},
    {{"pid", "", base::CounterKind::kGauge, "of the registered audit daemon; 0 = none"}, &KernelStatus::pid},
    {{"rate_limit", "records a second", base::CounterKind::kGauge, "that may be made; 0 = any number"},
     &KernelStatus::rate_limit},
    {{"backlog_limit", "records", base::CounterKind::kGauge, "that may wait in the kernel"},
     &KernelStatus::backlog_limit},
    {{"lost", "records", base::CounterKind::kFault, "dropped by the kernel since boot or the last reset"},
     &KernelStatus::lost},
    {{"backlog", "records", base::CounterKind::kGauge, "that wait in the kernel"}, &KernelStatus::backlog},
    {{"backlog_wait_time", "jiffies", base::CounterKind::kGauge,
      "that a program waits at most when the backlog is full"},
     &KernelStatus::backlog_wait_time},
    {{"backlog_wait_time_actual", "jiffies", base::CounterKind::kCounter,
      "that programs have waited; only where the kernel tells it"},
     &KernelStatus::backlog_wait_time_actual},
});

}  // namespace naudit::netlink
