// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "correlate/event.hpp"
#include "interpret/record/decoded_event.hpp"
#include "output/shape/values.hpp"

namespace naudit::output::shape {

// `rate_limit:` of a sink: a token bucket for each value of the traits that it goes by. `burst` events may come at
// once, and then `events` in each `per`; what comes beyond is withheld, counted, and told as the text of a record once
// in each `per`, with its number and the range of its ids.
//
// Time is an argument: that of the events' arrival, so that a replay is limited as its events were. Values are bounded
// (Values): those for which there is no place share one bucket, until one of the others has been full for a `per`.
// Owner: the router; one thread. Nothing is allocated for an event of a value that is known.
class RateLimit {
 public:
  using TimePoint = correlate::TimePoint;

  RateLimit(const config::RateLimit& wanted, std::string sink);

  [[nodiscard]] const config::RateLimit& wanted() const noexcept { return wanted_; }
  // Whether the event may go on; if not, it is one of those withheld. `now` never goes back.
  bool allows(const interpret::DecodedEvent& event, TimePoint now);
  // When tell() has something to do; time_point::max(): never.
  [[nodiscard]] TimePoint due() noexcept;
  // Appends the texts of what was withheld up to `now`, of the values whose time is over.
  void tell(TimePoint now, std::vector<std::string>& out);
  // The same of all.
  void tell_all(std::vector<std::string>& out);
  // Something is withheld and not yet told.
  [[nodiscard]] bool owes() const noexcept { return untold_ > 0; }

 private:
  struct Bucket {
    TimePoint full{};  // when it is full again
    std::uint64_t withheld = 0;
    correlate::EventId first, last;  // of those withheld
    std::string fields;              // what they have in common, as fields of a record; once there are any
  };

  Bucket& bucket_of(const interpret::DecodedEvent& event, TimePoint now);
  void tell(Bucket& bucket, bool is_of_others, std::vector<std::string>& out);

  const config::RateLimit wanted_;
  const std::string sink_;
  const std::chrono::nanoseconds per_;
  const std::chrono::nanoseconds interval_;   // in which one event comes in
  const std::chrono::nanoseconds tolerance_;  // how far from full a bucket may be that still lets one pass
  Values<Bucket> buckets_;
  Bucket others_;
  TimePoint others_due_ = TimePoint::max();
  std::uint64_t untold_ = 0;
  std::string name_;
};

}  // namespace naudit::output::shape
