// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "output/loss.hpp"
#include "output/sink.hpp"

namespace naudit::output {

// The losses of one sink that are still to be reported. Losses of one cause are added up, and one is reported a second.
// Pure: time is an argument. One thread.
class LossReport {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds kPause{1};

  void add(std::string_view cause, std::uint64_t events, std::string_view first_id, std::string_view last_id) {
    pending_.add(cause, events, first_id, last_id);
  }
  void add(const Losses& losses) { pending_.add(losses); }

  // The next loss to report, if there is one and its time has come.
  std::optional<SinkLoss> next(TimePoint now);
  // The next loss whatever the time: for the end.
  std::optional<SinkLoss> rest();
  // When next() will have something; time_point::max() if there is nothing.
  [[nodiscard]] TimePoint due() const noexcept;

 private:
  Losses pending_;
  std::uint64_t total_ = 0;
  TimePoint not_before_ = TimePoint::min();
};

}  // namespace naudit::output
