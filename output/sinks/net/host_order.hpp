// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace naudit::output {

// How a sink uses its hosts: one connection at a time in any case, so that the order of events stays.
enum class Hosts : std::uint8_t {
  kFailover,  // in the order in which they are written, from the first on after each connection that worked
  kBalance,   // in an order that chance makes anew each time, so that many machines spread over the hosts
};

// Which of several hosts is to be tried next. Pure: the same seed gives the same order. One thread.
class HostOrder {
 public:
  HostOrder(std::size_t count, Hosts how, std::uint64_t seed);

  // 0 … count - 1. Each of them once, and then a new round.
  std::size_t next();
  // All have been tried since the round began: time to wait.
  [[nodiscard]] bool is_round_over() const noexcept { return next_ >= order_.size(); }
  // The last one worked: whatever comes next begins a round.
  void worked() noexcept { next_ = order_.size(); }

 private:
  const Hosts how_;
  std::vector<std::size_t> order_;
  std::size_t next_;
  std::mt19937 random_;
};

}  // namespace naudit::output
