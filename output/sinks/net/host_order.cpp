// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/net/host_order.hpp"

#include <algorithm>
#include <numeric>

namespace naudit::output {

HostOrder::HostOrder(std::size_t count, Hosts how, std::uint64_t seed)
    : how_(how), order_(count), next_(count), random_(static_cast<std::mt19937::result_type>(seed)) {
  std::iota(order_.begin(), order_.end(), std::size_t{0});
}

std::size_t HostOrder::next() {
  if (is_round_over()) {
    if (how_ == Hosts::kBalance) std::shuffle(order_.begin(), order_.end(), random_);
    next_ = 0;
  }
  return order_[next_++];
}

}  // namespace naudit::output
