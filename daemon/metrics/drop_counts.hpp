// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "output/sink.hpp"

namespace naudit::daemon {

// Events that sinks have lost, by sink and cause, since the daemon's start. The number of causes is bounded: what comes
// later goes under one of its own. A value; one thread.
class DropCounts {
 public:
  static constexpr std::size_t kMostCauses = 16;
  static constexpr std::string_view kOthers = "other causes";

  struct Cause {
    std::string text;
    std::uint64_t events = 0;
  };

  void add(const output::SinkLoss& loss) {
    std::vector<Cause>& causes = sinks_[loss.sink];
    const auto known = [&causes](std::string_view text) { return std::ranges::find(causes, text, &Cause::text); };
    auto cause = known(loss.cause);
    const bool is_full = cause == causes.end() && causes.size() + 1 >= kMostCauses;
    if (is_full) cause = known(kOthers);
    if (cause == causes.end())
      cause = causes.insert(cause, {.text = is_full ? std::string(kOthers) : loss.cause, .events = 0});
    cause->events += loss.events;
  }
  // In the order in which they came.
  [[nodiscard]] std::vector<Cause> of(const std::string& sink) const {
    const auto found = sinks_.find(sink);
    return found == sinks_.end() ? std::vector<Cause>() : found->second;
  }

 private:
  std::map<std::string, std::vector<Cause>, std::less<>> sinks_;
};

}  // namespace naudit::daemon
