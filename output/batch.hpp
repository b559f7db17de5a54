// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "output/loss.hpp"

namespace naudit::output {

// Encoded events, ready to be written: what the encode thread hands to the sinks.
//
// Each event's bytes end with a newline (a text format may use several lines for one event), unless the format is
// binary. Owner: shared by all
// sinks of one (format, filter) pair; immutable once shared. The last one to let go gives the buffers back to the
// pool that they came from, from whatever thread that is.
struct Batch {
  std::string bytes;
  std::vector<std::uint32_t> ends;      // where each event ends in `bytes`
  std::vector<std::uint32_t> priority;  // which of them outlive the others in a spool (spool/priority.hpp); ascending
  std::string first_id, last_id;  // "sec.ms:serial" of the first and of the last event, to name a range that was lost
  std::chrono::steady_clock::time_point made;
  // A notice, one event long, that the sink puts into its own stream: of events that are missing at this place. It is
  // none of the events that were for the sink, and is not counted as one.
  std::optional<Loss> tells;

  [[nodiscard]] std::size_t events() const noexcept { return ends.size(); }
  [[nodiscard]] std::string_view event(std::size_t index) const noexcept {
    const std::size_t begin = index == 0 ? 0 : ends[index - 1];
    return std::string_view(bytes).substr(begin, ends[index] - begin);
  }
};

using BatchPtr = std::shared_ptr<const Batch>;

}  // namespace naudit::output
