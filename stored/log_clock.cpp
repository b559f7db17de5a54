// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "stored/log_clock.hpp"

namespace naudit::stored {
namespace {

// Records of a log stand out of order by less than this.
constexpr std::uint64_t kJump = 60'000;

}  // namespace

correlate::TimePoint LogClock::at(const correlate::EventId& id) noexcept {
  const std::uint64_t stamp = id.seconds * 1000 + id.millis;
  if (stamp > newest_ ? stamp - newest_ > kJump : newest_ - stamp > kJump) {
    newest_ = stamp;
    now_ += std::chrono::milliseconds(1);
  } else if (stamp > newest_) {
    now_ += std::chrono::milliseconds(stamp - newest_);
    newest_ = stamp;
  }
  return now_;
}

}  // namespace naudit::stored
