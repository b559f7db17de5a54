// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>

#include "correlate/event.hpp"
#include "correlate/header.hpp"

namespace naudit::stored {

// The time that a Correlator of stored records needs, made from the records' own stamps. It never goes back, and a jump
// of the stamps (the clock was set, the machine was off, another node's records follow, a stamp is corrupt) neither
// ages what is open nor stops the time for what comes behind it. Pure. Owner: whoever reads the log.
class LogClock {
 public:
  // When the record with this stamp came.
  correlate::TimePoint at(const correlate::EventId& id) noexcept;
  [[nodiscard]] correlate::TimePoint now() const noexcept { return now_; }

 private:
  std::uint64_t newest_ = 0;  // milliseconds; the stamp that now_ stands for
  correlate::TimePoint now_{};
};

}  // namespace naudit::stored
