// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "correlate/event.hpp"
#include "correlate/event_time.hpp"

namespace naudit::formats {

// Stamps as text with their zone behind them: "2023-11-14T23:13:20.123+01:00". The zone is this process's (TZ), or UTC;
// UTC, too, where the C library cannot tell, and for stamps of corrupt records.
//
// Owner: an encoder, on its thread. Asks the C library once for a quarter of an hour of events.
class ZonedTime {
 public:
  // `between` stands between date and time, `utc` for the zone UTC.
  ZonedTime(char between, std::string_view utc) : time_(between), utc_(utc), zone_(utc) {}

  void append(const correlate::EventId& id, bool local, std::string& out);

 private:
  correlate::EventTime time_;
  std::string_view utc_;
  std::uint64_t slot_ = ~std::uint64_t{0};  // the quarter of an hour whose zone is in `zone_`
  std::int64_t offset_ = 0;                 // seconds east of UTC
  std::string zone_;
};

}  // namespace naudit::formats
