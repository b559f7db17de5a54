// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace naudit::daemon {

// The kernel's serials at the end of a log in the format json, raw or enriched: what a run that was killed has written.
// Pure, except for read().
class LogEnd {
 public:
  // The lines of a piece of the log, the oldest first; a line without its end is left out, and so is the first one if
  // So many serials of gaps are known at most.
  static constexpr std::uint32_t kMostTold = 1U << 24U;
  // `is_cut`: it may have no start. Serials of the daemon's own events are not the kernel's; what
  // they tell as a gap is known, as if it had come. A start of the daemon
  // behind which the serials are lower than before it was on another boot, which then does not count.
  void add(std::string_view text, bool is_cut);
  // As many as there were, in the order of the log.
  [[nodiscard]] const std::vector<std::uint32_t>& serials() const noexcept { return serials_; }
  // Those behind the last start of the daemon; empty if there is no start.
  [[nodiscard]] std::vector<std::uint32_t> since_start() const;
  // Nothing older is of interest: there is one from before `from`, or another boot.
  [[nodiscard]] bool reaches(std::uint32_t from) const;

  struct Came {
    std::uint32_t from = 0;              // nothing is known of what is before
    std::vector<std::uint32_t> serials;  // that are not before it
  };
  // Of the file sink that has all events in such a format, from this serial on, or from a later one if the log does not
  // reach so far; without a serial, from the first one behind the last start of the daemon. Nothing if there is no such
  // sink, or its file has nothing to say. Blocks on the disk: for the start, behind a run that has not ended in order.
  static std::optional<Came> read(const std::vector<config::Sink>& sinks, std::optional<std::uint32_t> from);

 private:
  void add_line(std::string_view line);
  void add_gap(std::string_view line);

  std::vector<std::uint32_t> serials_;
  std::uint32_t told_ = 0;            // of them, of gaps
  bool has_started_ = false;          // since the last serial
  std::optional<std::size_t> start_;  // how many serials there were at the last start
  bool has_other_boot_ = false;
};

}  // namespace naudit::daemon
