// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>

namespace naudit::output {

// `retry:` of a sink.
struct Retry {
  std::chrono::milliseconds first{500};
  std::chrono::milliseconds most{60'000};
  friend bool operator==(const Retry&, const Retry&) = default;
};

// How long to wait before the next attempt: exponential with full jitter, so that many hosts that lost the same server
// do not come back in step. The n-th wait is evenly distributed between a tenth of `first` (never a spin) and
// first * 2^n, at most `most`. Pure: the same seed gives the same waits. Not thread-safe.
class Backoff {
 public:
  Backoff(std::chrono::milliseconds first, std::chrono::milliseconds most, std::uint64_t seed)
      : first_(first), most_(most), ceiling_(first), random_(static_cast<std::mt19937::result_type>(seed)) {}

  [[nodiscard]] std::chrono::milliseconds next() {
    const auto most = std::max<std::int64_t>(1, std::min(ceiling_, most_).count());
    const auto least = std::min(most, std::max<std::int64_t>(1, first_.count() / 10));
    ceiling_ = std::min(ceiling_ * 2, most_);
    return std::chrono::milliseconds(std::uniform_int_distribution<std::int64_t>(least, most)(random_));
  }

  // After a success: the next wait is a short one again.
  void reset() noexcept { ceiling_ = first_; }

 private:
  std::chrono::milliseconds first_, most_, ceiling_;
  std::mt19937 random_;
};

}  // namespace naudit::output
