// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "correlate/serial_gaps.hpp"
#include "daemon/background.hpp"
#include "daemon/kernel/serial_file.hpp"

namespace naudit::daemon {

// Remembers over a restart how far the kernel's serials had come, so that what was made while no nauditd ran, and what
// a killed one still had in its hands, shows as a gap. Behind a kill the log's end says what was written (LogEnd).
//
// Main thread; the file is written in the background, once at a time.
class SerialKeeper {
 public:
  // What is known of the run before this one.
  struct Before {
    bool was_killed = false;            // it has not ended in order: killed, or the machine stopped
    std::optional<std::uint32_t> next;  // to begin at; empty: another boot, or nothing known
    bool has_own = false;               // one that is missing from there on is the record of our own end
    std::vector<std::uint32_t> came;    // from there on
    bool is_bound = false;              // no log says what was written: what is missing from `next` on is at most that
  };

  SerialKeeper(const std::string& state_directory, Background& background);
  // At start; blocks on the disk.
  [[nodiscard]] Before before(const std::vector<config::Sink>& sinks) const;
  // Every second or so: writes what has changed.
  void keep(const correlate::SerialGaps::Counters& serials);
  // At the stop, when nothing comes any more. `unregistered`: RunState. Does not wait.
  void end(const correlate::SerialGaps::Counters& serials, bool unregistered);

 private:
  void write_if_new(const RunState& state);
  void write(const RunState& state);

  Background& background_;
  std::shared_ptr<SerialFile> file_;
  std::string boot_ = boot_id();
  RunState written_;
  std::optional<std::uint32_t> settled_, in_log_;  // as of a moment ago, and of the one before it
  std::chrono::steady_clock::time_point noted_{};
  std::uint64_t turn_ = 0;
  bool is_writing_ = false;
  std::string problem_;  // of the last write
};

}  // namespace naudit::daemon
