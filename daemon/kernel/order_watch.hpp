// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <utility>

#include <spdlog/spdlog.h>

#include "base/text.hpp"
#include "correlate/serial_gaps.hpp"

namespace naudit::daemon {

// Says in the log how many events came behind a later one of the kernel's since it last looked, and how far at most: at
// every look, which is one a second. The main thread.
class OrderWatch {
 public:
  void tell(const correlate::SerialGaps::Counters& gaps, bool log) {
    const std::uint64_t events = gaps.out_of_order.value();
    const std::uint64_t before = std::exchange(events_, events);
    // The counters of another drain thread begin at 0.
    const std::uint64_t fresh = events < before ? events : events - before;
    if (!log || fresh == 0) return;
    spdlog::info("{} came behind a later one, by at most {} since the start", base::count_text(fresh, "event"),
                 base::count_text(gaps.worst_lag.value(), "serial"));
  }

 private:
  std::uint64_t events_ = 0;
};

}  // namespace naudit::daemon
