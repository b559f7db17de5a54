// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/kinds.hpp"

namespace naudit::output {

// `every:` when a file ends whatever its size: with the hour, the day or the week of the local time, or with each
// multiple of a duration.
enum class EveryKind : std::uint8_t { kNever, kHourly, kDaily, kWeekly, kDuration };
struct Every {
  EveryKind kind = EveryKind::kNever;
  config::Milliseconds duration{0};
  friend bool operator==(const Every&, const Every&) = default;
};

enum class RotateNames : std::uint8_t { kNumbered, kDated };
inline constexpr std::array<std::string_view, 2> kRotateNames{"numbered", "dated"};
// How a rotated file is compressed.
enum class Packing : std::uint8_t { kNone, kGzip, kZstd };
inline constexpr std::array<std::string_view, 3> kPackings{"none", "gzip", "zstd"};

// `rotate:`. size 0 = only on request. The others say what is kept beside the current file; 0: whatever it is.
struct Rotate {
  static constexpr std::uint32_t kFewKept = 10;
  static constexpr std::uint32_t kMostKept = 100'000;

  std::uint64_t size = 64 * config::kMiB;
  std::optional<std::uint32_t> keep = std::nullopt;
  Every every = {};
  RotateNames names = RotateNames::kNumbered;
  Packing compress = Packing::kNone;
  std::uint64_t total = 0;
  config::Milliseconds age{0};

  // How many files, where it is not said: few, unless another limit is set.
  [[nodiscard]] std::uint32_t most() const noexcept {
    return keep.value_or(total > 0 || age.count() > 0 ? kMostKept : kFewKept);
  }
  // The same when they mean the same.
  friend bool operator==(const Rotate& a, const Rotate& b) {
    return a.size == b.size && a.most() == b.most() && a.every == b.every && a.names == b.names &&
           a.compress == b.compress && a.total == b.total && a.age == b.age;
  }
};

using config::Sync;
using config::SyncKind;

// `keep_free:` what is to stay free on the file system: bytes, or a percentage of it. Neither: it is not looked at.
struct KeepFree {
  std::uint64_t bytes = 0;
  std::uint32_t percent = 0;
  friend bool operator==(const KeepFree&, const KeepFree&) = default;
};
// As the file has it: "5%", "200MiB", "0".
std::string text_of(const KeepFree& keep_free);

enum class WhenLow : std::uint8_t { kTell, kDropOldestFiles, kPause };
inline constexpr std::array<std::string_view, 3> kWhenLow{"tell", "drop-oldest-files", "pause"};
enum class WhenDiskFull : std::uint8_t { kWait, kDropOldestFiles };
inline constexpr std::array<std::string_view, 2> kWhenDiskFull{"wait", "drop-oldest-files"};

// What a sink of `type: file` may choose.
struct FileOptions {
  std::string path;
  std::uint32_t mode = 0600;
  std::string group;             // empty: whichever the file has
  std::vector<std::string> acl;  // "user:NAME", "group:NAME"
  Rotate rotate;
  Sync sync;
  KeepFree keep_free;
  WhenLow when_low = WhenLow::kTell;
  WhenDiskFull when_full = WhenDiskFull::kWait;
  friend bool operator==(const FileOptions&, const FileOptions&) = default;
};

// LogsDirectory= of the unit (systemd/nauditd.service.in): there before nauditd starts.
inline constexpr std::string_view kUnitFolder = "/var/log/naudit";

// By name or number; nothing if there is none. May block (base/accounts.hpp).
std::optional<std::uint32_t> group_of(const std::string& group);
std::optional<std::uint32_t> user_of(const std::string& user);

// Rows of the table that others have, too, whose files are written the same way.
enum class LogRows : std::uint8_t { kAccess, kRotation, kKept, kDisk };
const std::vector<config::Option<FileOptions>>& log_options(LogRows which);
// A group is named for it to read.
void complete_log(FileOptions& options, const config::Written& written);
// What no single value of these shows.
void check_log(const FileOptions& options, const config::Report& report);
// What hinders the group and the readers from getting at files in this folder.
std::vector<std::string> log_warnings(const std::string& folder, const FileOptions& options);

config::OptionTable file_options();
std::vector<std::string> file_warnings(const config::Sink& sink, bool look_at_disk);

}  // namespace naudit::output
