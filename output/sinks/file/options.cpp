// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/file/options.hpp"

#include <sys/stat.h>
#include <sys/xattr.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iterator>

#include <yaml-cpp/yaml.h>

#include "base/accounts.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "output/sinks/file/acl.hpp"

namespace naudit::output {
namespace {

using namespace std::chrono_literals;
using config::nested;
using config::Printed;
using config::Reading;

void read_mode(const YAML::Node& node, std::uint32_t& out, Reading& reading) {
  const std::string text = node.IsScalar() ? node.Scalar() : "";
  const bool octal = text.size() == 4 && text.front() == '0' && text.find_first_not_of("01234567") == std::string::npos;
  const auto mode = octal ? static_cast<std::uint32_t>(std::stoul(text, nullptr, 8)) : 0U;
  // Owner may read and write; nobody executes; only the owner and the group write.
  if ((mode & 0600U) != 0600U || (mode & 0113U) != 0) {
    return reading.problems.add(
        node, "expected the file's permissions in octal, 0600, 0640, 0660 or 0644, not " + base::in_quotes(text));
  }
  out = mode;
}

Printed print_mode(std::uint32_t mode) {
  const auto digit = [mode](unsigned shift) { return static_cast<char>('0' + ((mode >> shift) & 7U)); };
  return std::string{'0', digit(6), digit(3), digit(0)};
}

void read_keep(const YAML::Node& node, std::optional<std::uint32_t>& out, Reading& reading) {
  std::uint32_t number = out.value_or(0);
  const std::size_t before = reading.problems.size();
  read_number(node, 0, Rotate::kMostKept, number, reading);
  if (reading.problems.size() == before) out = number;
}

Printed print_keep(const std::optional<std::uint32_t>& keep) {
  if (!keep) return {};
  return std::to_string(*keep);
}

constexpr std::pair<std::string_view, EveryKind> kEvery[] = {{"never", EveryKind::kNever},
                                                             {"hourly", EveryKind::kHourly},
                                                             {"daily", EveryKind::kDaily},
                                                             {"weekly", EveryKind::kWeekly}};

void read_every(const YAML::Node& node, Every& out, Reading& reading) {
  const std::string text = node.IsScalar() ? node.Scalar() : "";
  for (const auto& [word, kind] : kEvery) {
    if (text != word) continue;
    out = {kind, {}};
    return;
  }
  const auto duration = base::parse_duration(text);
  if (!duration || *duration < 1min || *duration > 24h * 366 || *duration % 1s != 0ms) {
    return reading.problems.add(
        node, "expected never, hourly, daily, weekly, or whole seconds from 1m to 366d like 6h, not " +
                  base::in_quotes(text));
  }
  out = {EveryKind::kDuration, *duration};
}

Printed print_every(const Every& every) {
  for (const auto& [word, kind] : kEvery)
    if (every.kind == kind) return std::string(word);
  return base::duration_text(every.duration);
}

Printed print_sync(const Sync& sync) {
  return config::sync_text(sync);
}

constexpr std::uint32_t kMostPercent = 99;

void read_keep_free(const YAML::Node& node, KeepFree& out, Reading& reading) {
  const std::string text = node.IsScalar() ? node.Scalar() : "";
  if (text.ends_with('%')) {
    std::uint32_t percent = 0;
    const char* const end = text.data() + text.size() - 1;
    const auto [last, error] = std::from_chars(text.data(), end, percent);
    if (error == std::errc{} && last == end && percent >= 1 && percent <= kMostPercent) {
      out = {0, percent};
      return;
    }
  } else if (const auto bytes = base::parse_size(text)) {
    out = {*bytes, 0};
    return;
  }
  reading.problems.add(node,
                       "expected 1% to 99% of the file system, or a size like 200MiB, not " + base::in_quotes(text));
}

Printed print_keep_free(const KeepFree& keep_free) {
  return text_of(keep_free);
}

void complete(FileOptions& options, const config::Written& written) {
  complete_log(options, written);
}

void check(const FileOptions& options, const config::Sink&, const config::Report& report) {
  if (options.path.empty()) report("path", "is missing; name the file to write");
  if (options.path.ends_with('/'))
    report("path", "expected a file, not the directory " + base::in_quotes(options.path));
  check_log(options, report);
}

}  // namespace

void complete_log(FileOptions& options, const config::Written& written) {
  if (!options.group.empty() && !written.has("mode")) options.mode = 0640;
}

void check_log(const FileOptions& options, const config::Report& report) {
  if (options.rotate.age > 0ms && options.rotate.age < 1min)
    report("rotate.age", "expected at least 1m, or 0 for none");
  if (!options.group.empty() && (options.mode & 0040U) == 0)
    report("mode", "the group may not read the file; write 0640, or no group");
  for (const std::string& reader : options.acl)
    if (!ReaderName::of(reader)) report("acl", "expected user:NAME or group:NAME, not " + base::in_quotes(reader));
  if (options.acl.size() > kMostReaders)
    report("acl", "names " + std::to_string(options.acl.size()) + " readers; " + std::to_string(kMostReaders) +
                      " are the most: make a group of them");
}

std::string text_of(const KeepFree& keep_free) {
  return keep_free.percent > 0 ? std::to_string(keep_free.percent) + '%' : base::size_text(keep_free.bytes);
}

const std::vector<config::Option<FileOptions>>& log_options(LogRows which) {
  static const std::vector<config::Option<FileOptions>> kAccess = {
      {"mode",
       config::pattern(&FileOptions::mode, "^06[046][04]$", read_mode, print_mode),
       "Its permissions, in quotes: 0600, 0640, 0660, 0644.",
       {.otherwise = "`0600`, and `0640` with a `group`"}},
      {"group", config::text(&FileOptions::group), "The group that the file is given to, by name or number."},
      {"acl", config::list(&FileOptions::acl),
       "Who else may read it, by a POSIX access list: `user:NAME`, `group:NAME`."},
  };
  static const std::vector<config::Option<FileOptions>> kRotation = {
      {"rotate.size", config::size(nested(&FileOptions::rotate, &Rotate::size)),
       "A new file starts at this size. `0`: only at SIGUSR1 or `nauditctl --signal rotate`."},
      {"rotate.every",
       config::pattern(nested(&FileOptions::rotate, &Rotate::every), "^(never|hourly|daily|weekly|[0-9]+ ?(s|m|h|d))$",
                       read_every, print_every),
       "And with each hour, day (at local midnight) or week (Monday), or each multiple of a duration of 1m to "
       "366d "
       "in UTC: `never`, `hourly`, `daily`, `weekly`, `6h`. An empty file stays."},
  };
  static const std::vector<config::Option<FileOptions>> kKept = {
      {"rotate.keep",
       config::value({config::Shape::Kind::kNumber, 0, Rotate::kMostKept}, nested(&FileOptions::rotate, &Rotate::keep),
                     read_keep, print_keep),
       "So many old files are kept.",
       {.otherwise = "`10`, and as many as there are where `rotate.total` or `rotate.age` is set"}},
      {"rotate.total", config::size(nested(&FileOptions::rotate, &Rotate::total)),
       "So many bytes all old files may have together, as they lie on the disk; the oldest are removed. `0`: "
       "any."},
      {"rotate.age", config::duration(nested(&FileOptions::rotate, &Rotate::age), 0ms, 24h * 36525),
       "An old file whose last event is older is removed. `0`: none for its age."},
  };
  static const std::vector<config::Option<FileOptions>> kDisk = {
      {"sync", config::pattern(&FileOptions::sync, config::kSyncPattern, config::read_sync, print_sync),
       "When data is forced to the disk: `none`, `batch` (after each write), or an interval of 10ms to 1h. A "
       "power cut loses what came since."},
      {"keep_free",
       config::pattern(&FileOptions::keep_free, "^([1-9][0-9]?%|[0-9]+ ?(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)?)$",
                       read_keep_free, print_keep_free),
       "So much of the file system is to stay free: `5%` or a size. `0`: it is not looked at."},
      {"when_low", config::choice(&FileOptions::when_low, kWhenLow),
       "What happens when less is free. It is told in any case; `drop-oldest-files` removes rotated files, "
       "`pause` "
       "writes nothing until there is room again, and the queue's policy decides."},
      {"when_full", config::choice(&FileOptions::when_full, kWhenDiskFull),
       "What happens when the disk is full: `wait` for room, or remove the oldest rotated file and go on."},
  };
  switch (which) {
    case LogRows::kAccess:
      return kAccess;
    case LogRows::kRotation:
      return kRotation;
    case LogRows::kKept:
      return kKept;
    case LogRows::kDisk:
      break;
  }
  return kDisk;
}

config::OptionTable file_options() {
  config::OptionSpec<FileOptions> spec{
      .rows =
          {
              {"path",
               config::path(&FileOptions::path),
               "The file.",
               {.example = "/var/log/naudit/events.json", .exclusive = true}},
          },
      .complete = complete,
      .check = check,
  };
  const std::vector<config::Option<FileOptions>> names = {
      {"rotate.names", config::choice(nested(&FileOptions::rotate, &Rotate::names), kRotateNames),
       "What old files are called. `numbered`: `events.json.1` is the youngest. `dated`: "
       "`events.json.2026-11-30T120000Z`, when it was rotated; no name changes afterwards."},
      {"rotate.compress", config::choice(nested(&FileOptions::rotate, &Rotate::compress), kPackings),
       "Old files are compressed, beside the writing and with the least priority: `none`, `gzip` "
       "(`events.json.1.gz`), `zstd` (`events.json.1.zst`)."},
  };
  config::add_shared(spec.rows, log_options(LogRows::kAccess));
  config::add_shared(spec.rows, log_options(LogRows::kRotation));
  config::add_shared(spec.rows, names);
  config::add_shared(spec.rows, log_options(LogRows::kKept));
  config::add_shared(spec.rows, log_options(LogRows::kDisk));
  return spec;
}

namespace {

std::optional<std::uint32_t> number_in(const std::string& text) {
  std::uint32_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && last == end ? std::optional(number) : std::nullopt;
}

}  // namespace

std::optional<std::uint32_t> group_of(const std::string& group) {
  const auto number = number_in(group);
  return number ? number : base::group_id(group);
}

std::optional<std::uint32_t> user_of(const std::string& user) {
  const auto number = number_in(user);
  return number ? number : base::user_id(user);
}

namespace {

// Whether a folder lets those in that an access list of a file names is not asked of the kernel, but seen from what is
// there: its mode for all, or a list of its own.
std::vector<std::string> warnings_of_acl(const std::string& folder, const std::vector<std::string>& acl) {
  std::string wanted;
  for (const std::string& text : acl) {
    const auto reader = ReaderName::of(text);
    if (!reader) continue;
    if (!(reader->is_group ? group_of(reader->name) : user_of(reader->name)))
      return {"acl: there is no " + text.substr(0, text.find(':')) + ' ' + base::in_quotes(reader->name)};
    wanted += (wanted.empty() ? "" : ",") + std::string(reader->is_group ? "g:" : "u:") + reader->name + ":x";
  }
  struct stat status{};
  if (wanted.empty() || folder.empty() || ::stat(folder.c_str(), &status) != 0 || (status.st_mode & S_IXOTH) != 0)
    return {};
  if (::getxattr(folder.c_str(), kAclAttribute, nullptr, 0) > 0) return {};
  return {"acl: the readers cannot enter the folder: setfacl -m " + wanted + ' ' + folder};
}

// Who may read a file has to get at it, too.
std::vector<std::string> warnings_of_group(const std::string& folder, const std::string& group) {
  struct stat status{};
  if (group.empty() || folder.empty() || ::stat(folder.c_str(), &status) != 0) return {};
  const bool may_enter =
      status.st_gid == group_of(group) ? (status.st_mode & S_IXGRP) != 0 : (status.st_mode & S_IXOTH) != 0;
  if (may_enter) return {};
  return {"group: " + base::in_quotes(group) + " cannot enter the folder: chgrp " + group + ' ' + folder +
          " && chmod g+rx " + folder};
}

}  // namespace

std::vector<std::string> log_warnings(const std::string& folder, const FileOptions& options) {
  if (!options.group.empty() && !group_of(options.group))
    return {"group: there is no group " + base::in_quotes(options.group)};
  std::vector<std::string> warnings = warnings_of_group(folder, options.group);
  std::ranges::move(warnings_of_acl(folder, options.acl), std::back_inserter(warnings));
  return warnings;
}

// A destination that is not there yet is no error on a machine that is not the one it is meant for.
std::vector<std::string> file_warnings(const config::Sink& sink, bool look_at_disk) {
  if (!look_at_disk) return {};
  const auto& options = sink.options.as<FileOptions>();
  const std::filesystem::path folder = std::filesystem::path(options.path).parent_path();
  std::error_code error;
  if (!options.group.empty() && !group_of(options.group)) return log_warnings(folder, options);
  if (folder.empty() || std::filesystem::exists(folder, error) || error) return log_warnings(folder, options);
  return {"path: there is no folder " + base::in_quotes(folder.string()) +
          (folder == kUnitFolder ? " yet; nauditd's unit makes it" : "; events wait until there is")};
}

}  // namespace naudit::output
