// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

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

// `aggregate:` of a sink: of events with the same traits the first one goes on at once, and those that come within the
// window behind it are counted, and told as the text of a record when it is over, with their number, the id of the
// first one and of the last one.
//
// Only whole events of rules are counted together, of records of which all that matters can be a trait: SYSCALL,
// EXECVE, CWD, PATH, SOCKADDR, PROCTITLE. The type of the first record and the machine are always among the traits.
// What has no place (Values) goes on as it is. Owner: the router; one thread. Nothing is allocated for an event like
// one before it.
class Aggregate {
 public:
  using TimePoint = correlate::TimePoint;

  Aggregate(const config::Aggregate& wanted, std::string sink);

  [[nodiscard]] const config::Aggregate& wanted() const noexcept { return wanted_; }
  // Whether the event may go on; if not, it is one of those counted. `now` never goes back.
  bool passes(const interpret::DecodedEvent& event, TimePoint now);
  // When tell() has something to do; time_point::max(): never.
  [[nodiscard]] TimePoint due() noexcept;
  // Appends the texts of what was counted in windows that are over at `now`.
  void tell(TimePoint now, std::vector<std::string>& out);
  // The same of all.
  void tell_all(std::vector<std::string>& out);
  // Something is counted and not yet told.
  [[nodiscard]] bool owes() const noexcept { return untold_ > 0; }

 private:
  struct Run {
    correlate::EventId first;  // which went on
    correlate::EventId last;
    std::uint64_t counted = 0;
    std::string fields;  // what they have in common, as fields of a record; once there are any
  };

  void tell(Run& run, std::vector<std::string>& out);

  const config::Aggregate wanted_;
  const std::string sink_;
  std::vector<config::Trait> traits_;  // with those that always count
  Values<Run> runs_;
  std::uint64_t untold_ = 0;
  std::string name_;
};

}  // namespace naudit::output::shape
