// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "netlink/status.hpp"

#include <ctime>

namespace naudit::netlink {
namespace {

std::chrono::nanoseconds tick() {
  timespec one{};
  // Debian's kernels tick 250 times a second; only a foreign kernel has no such clock.
  if (::clock_getres(CLOCK_MONOTONIC_COARSE, &one) != 0 || one.tv_nsec <= 0) return std::chrono::milliseconds(4);
  return std::chrono::nanoseconds(one.tv_nsec);
}

}  // namespace

void StatusChange::take(const StatusChange& newer) {
  constexpr std::optional<std::uint32_t> StatusChange::* kMembers[] = {
      &StatusChange::enabled, &StatusChange::failure, &StatusChange::rate_limit, &StatusChange::backlog_limit,
      &StatusChange::backlog_wait_time};
  for (const auto member : kMembers)
    if (newer.*member) this->*member = newer.*member;
}

std::uint32_t to_jiffies(std::chrono::milliseconds time) {
  const std::chrono::nanoseconds one = tick();
  return static_cast<std::uint32_t>((time + one - std::chrono::nanoseconds(1)) / one);
}

std::chrono::milliseconds from_jiffies(std::uint32_t jiffies) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(jiffies * tick());
}

}  // namespace naudit::netlink
