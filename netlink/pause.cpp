// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "netlink/pause.hpp"

#include <algorithm>

namespace naudit::netlink {
namespace {

constexpr std::chrono::nanoseconds kPerRecord = std::chrono::nanoseconds{std::chrono::seconds{1}} / Pause::kQuietRate;
constexpr std::chrono::nanoseconds kBusy = kPerRecord * Pause::kBurst;
// The end of a load is noticed kBusy (3.2 ms) after it, however heavy the load was.
constexpr std::chrono::nanoseconds kFull = 2 * kBusy;

}  // namespace

std::chrono::nanoseconds Pause::next(std::size_t records, TimePoint now) noexcept {
  const auto elapsed = std::clamp<std::chrono::nanoseconds>(now - last_, std::chrono::nanoseconds{0}, kFull);
  last_ = now;
  const auto added = kPerRecord * static_cast<std::int64_t>(std::min(records, 2 * kBurst));
  filled_ = std::min(std::max(filled_ - elapsed, std::chrono::nanoseconds{0}) + added, kFull);
  return filled_ > kBusy ? length_ : std::chrono::nanoseconds{0};
}

}  // namespace naudit::netlink
