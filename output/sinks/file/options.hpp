// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/kinds.hpp"

namespace naudit::output {

// `rotate:`. size 0 = only on request. keep = number of rotated files beside the current one.
struct Rotate {
  std::uint64_t size = 64 * config::kMiB;
  std::uint32_t keep = 10;
  friend bool operator==(const Rotate&, const Rotate&) = default;
};

// `sync:` none | batch | a duration ("1s").
enum class SyncKind : std::uint8_t { kNone, kInterval, kBatch };
struct Sync {
  SyncKind kind = SyncKind::kInterval;
  config::Milliseconds interval{1000};
  friend bool operator==(const Sync&, const Sync&) = default;
};

// What a sink of `type: file` may choose.
struct FileOptions {
  std::string path;
  std::uint32_t mode = 0600;
  Rotate rotate;
  Sync sync;
  friend bool operator==(const FileOptions&, const FileOptions&) = default;
};

// LogsDirectory= of the unit (systemd/nauditd.service.in): there before nauditd starts.
inline constexpr std::string_view kUnitFolder = "/var/log/naudit";

config::OptionTable file_options();
std::vector<std::string> file_warnings(const config::Sink& sink, bool look_at_disk);

}  // namespace naudit::output
