// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "output/sink.hpp"

namespace naudit::output {

// Which changes of one sink's state are to be told, and when. The first one at once; then at most one a second, and
// less often the more there are: after each the pause doubles, up to a minute, until a minute without any.
// What has changed back meanwhile is not told. Pure: time is an argument. One thread.
class StateReport {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds kPause{1};
  static constexpr std::chrono::seconds kMostPause{60};

  // `state` empty: it works. What differs in the state or in the cause is another trouble.
  void set(std::string_view state, std::string_view cause) {
    if (state == state_ && cause == cause_) return;
    state_ = state;
    cause_ = cause;
    ++changes_;
  }

  // The change to tell, without the sink's name, if there is one and its time has come.
  std::optional<SinkChange> next(TimePoint now) { return now < not_before_ ? std::nullopt : rest(now); }
  // The same whatever the time: for the end.
  std::optional<SinkChange> rest(TimePoint now) {
    if (!differs()) return std::nullopt;
    if (not_before_ != TimePoint::min() && now - not_before_ >= kMostPause) pause_ = kPause;
    not_before_ = now + pause_;
    pause_ = std::min(pause_ * 2, kMostPause);
    told_state_ = state_;
    told_cause_ = cause_;
    SinkChange change;
    change.works = state_.empty();
    change.state = change.works ? "ok" : state_;
    change.cause = cause_;
    change.changes = std::exchange(changes_, 0);
    return change;
  }
  // When next() will have something; time_point::max() if there is nothing.
  [[nodiscard]] TimePoint due() const noexcept { return differs() ? not_before_ : TimePoint::max(); }

 private:
  [[nodiscard]] bool differs() const noexcept { return state_ != told_state_ || cause_ != told_cause_; }

  std::string state_, cause_;
  std::string told_state_, told_cause_;
  std::uint64_t changes_ = 0;
  TimePoint not_before_ = TimePoint::min();
  std::chrono::seconds pause_ = kPause;
};

}  // namespace naudit::output
