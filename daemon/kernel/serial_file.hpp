// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace naudit::daemon {

// How far a run has come in the kernel's serials, for the run behind it. They start anew at boot, so it counts on the
// boot that it names only.
struct RunState {
  std::string boot;           // /proc/sys/kernel/random/boot_id
  bool ended = false;         // in order
  bool unregistered = false;  // and the kernel made a record of that, which nobody received
  bool has_come = false;      // there were serials
  std::uint32_t settled = 0;  // what is before it came, or was told as missing
  std::uint32_t next = 0;     // expected
  friend bool operator==(const RunState&, const RunState&) = default;
};

std::string run_state_text(const RunState& state);
// Nothing if it is not such a text.
std::optional<RunState> parse_run_state(std::string_view text);
// Empty if it cannot be read.
std::string boot_id();

std::string serial_path(const std::string& state_directory);

// The file of the state directory that keeps it: a line of fixed size, which is overwritten in place. Not synced: it
// has to outlive the process, not the machine. Used only while nobody else can change it (base/written_file.hpp). Any
// thread; blocks on the disk.
class SerialFile {
 public:
  explicit SerialFile(std::string path) : path_(std::move(path)) {}
  // Nothing if there is none, if it is damaged, or if it must not be used, which `problem` tells.
  [[nodiscard]] std::optional<RunState> read(std::string& problem) const;
  // Empty, or why not. What is older than the last write is left out: `turn` grows with each state.
  std::string write(const RunState& state, std::uint64_t turn);
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
  std::mutex mutex_;
  std::uint64_t last_turn_ = 0;
};

}  // namespace naudit::daemon
