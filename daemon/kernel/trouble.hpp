// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>

namespace naudit::daemon {

// A state that should not be, told once when it begins and once when it has been over for a while, so that one that
// comes and goes is not told each time. Pure; one thread.
class Trouble {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  enum class News : std::uint8_t { kNone, kBegan, kEnded };

  explicit Trouble(std::chrono::milliseconds over_after) : over_after_(over_after) {}

  News look(bool is_there, TimePoint now) {
    if (is_there) {
      seen_ = now;
      if (is_on_) return News::kNone;
      is_on_ = true;
      return News::kBegan;
    }
    if (!is_on_ || now - seen_ < over_after_) return News::kNone;
    is_on_ = false;
    return News::kEnded;
  }
  // Told as begun, and not as ended.
  [[nodiscard]] bool is_on() const noexcept { return is_on_; }

 private:
  std::chrono::milliseconds over_after_;
  bool is_on_ = false;
  TimePoint seen_{};
};

}  // namespace naudit::daemon
