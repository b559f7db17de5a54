// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/trusted_path.hpp"
#include "config/loader.hpp"
#include "ctl/doctor/gather.hpp"
#include "ctl/doctor/looks.hpp"
#include "output/sinks/file/options.hpp"
#include "output/sinks/kinds.hpp"
#include "output/sinks/trail/options.hpp"

namespace naudit::ctl {
namespace {

namespace fs = std::filesystem;
using output::FileOptions;

// A file sink, or one of trails: where it writes.
struct Log {
  std::string what, folder;
  std::string file;  // in the folder; empty: all of it is the sink's
  FileOptions options;
};

std::vector<Log> logs_of(const config::Config& config) {
  std::vector<Log> logs;
  for (const config::Sink& sink : config.sinks) {
    const std::string what = fmt::format("the log of sink {}", base::in_quotes(sink.name));
    if (const auto* const options = sink.options.find<FileOptions>(); options != nullptr && sink.type == "file") {
      const fs::path path = options->path;
      logs.push_back({what, path.parent_path(), path.filename(), *options});
    }
    if (const auto* const options = sink.options.find<output::TrailOptions>();
        options != nullptr && sink.type == "trail")
      logs.push_back({what, output::trail_folder(options->path), {}, *options});
  }
  return logs;
}

// The folder, or the nearest one above it that is there.
std::optional<std::string> nearest(fs::path folder) {
  for (struct stat status{};; folder = folder.parent_path()) {
    if (::stat(folder.c_str(), &status) == 0) return folder;
    if ((errno != ENOENT && errno != ENOTDIR) || folder == folder.parent_path()) return std::nullopt;
  }
}

std::optional<Room> room_of(std::string what, const std::string& folder) {
  const auto there = nearest(folder);
  struct statvfs space{};
  if (!there || ::statvfs(there->c_str(), &space) != 0) return std::nullopt;
  Room room;
  room.what = std::move(what);
  room.folder = *there;
  room.total = std::uint64_t{space.f_blocks} * space.f_frsize;
  room.free = std::uint64_t{space.f_bavail} * space.f_frsize;
  room.inodes = space.f_files;
  room.free_inodes = space.f_favail;
  return room;
}

// What the files of a log have by now; nothing: the folder cannot be listed.
std::optional<std::uint64_t> used_by(const Log& log) {
  std::uint64_t used = 0;
  std::error_code error;
  for (fs::directory_iterator one(log.folder, error), end; !error && one != end; one.increment(error)) {
    std::error_code gone;
    if (!one->path().filename().string().starts_with(log.file)) continue;
    if (const auto size = one->file_size(gone); !gone) used += size;
  }
  if (error && error != std::errc::no_such_file_or_directory) return std::nullopt;
  return used;
}

std::uint64_t most_of(const output::Rotate& rotate) {
  if (rotate.size == 0) return 0;
  if (rotate.total > 0) return rotate.total + rotate.size;
  return rotate.most() < output::Rotate::kMostKept ? rotate.size * (std::uint64_t{rotate.most()} + 1) : 0;
}

Known<std::vector<Room>> rooms_of(const Facts& facts) {
  using List = Known<std::vector<Room>>;
  std::vector<Room> rooms;
  const auto cannot = [&](const std::string& folder) {
    return List::unknown(facts.is_root ? fmt::format("{} cannot be looked at", base::in_quotes(folder))
                                       : std::string("only root can look at the folders of logs and state"));
  };
  for (const Log& log : logs_of(*facts.config)) {
    auto room = room_of(log.what, log.folder);
    if (!room) return cannot(log.folder);
    const output::KeepFree& keep = log.options.keep_free;
    room->keep_free = keep.percent > 0 ? room->total / 100 * keep.percent : keep.bytes;
    if (const auto used = used_by(log)) {
      room->used = *used;
      room->most = most_of(log.options.rotate);
    }
    rooms.push_back(*room);
  }
  const std::string& state = facts.config->daemon.state_directory;
  const bool spools =
      std::ranges::any_of(facts.config->sinks, [](const config::Sink& sink) { return sink.spool.enabled; });
  auto room = room_of(spools ? "the spools and the state" : "the state", state);
  if (!room) return cannot(state);
  rooms.push_back(*room);
  return rooms;
}

void add_untrusted(std::vector<PathFault>& faults, const std::string& what, const std::string& path,
                   base::PathPart part) {
  if (const auto found = base::find_untrusted(path, part))
    faults.push_back({what, fmt::format("{} {}", base::in_quotes(found->path), found->what), found->remedy});
}

void look_at_log(const Log& log, std::vector<PathFault>& faults) {
  struct stat status{};
  if (::stat(log.folder.c_str(), &status) != 0) {
    if (errno == ENOENT && log.folder != output::kUnitFolder)
      faults.push_back({log.what, fmt::format("the folder {} is not there", base::in_quotes(log.folder)),
                        fmt::format("mkdir -p -m 0700 {}", shell_word(log.folder))});
    return;
  }
  const std::string path = log.file.empty() ? log.folder : log.folder + '/' + log.file;
  add_untrusted(faults, log.what, path, base::PathPart::kParents);
  if (log.file.empty() || ::lstat(path.c_str(), &status) != 0) return;
  if (status.st_uid != 0)
    faults.push_back({log.what, fmt::format("{} belongs to user id {}", base::in_quotes(path), status.st_uid),
                      fmt::format("chown root {}", shell_word(path))});
  if (const mode_t more = status.st_mode & S_IRWXO & ~log.options.mode; more != 0)
    faults.push_back(
        {log.what,
         fmt::format("{} can be {} by everybody", base::in_quotes(path), (more & S_IWOTH) != 0 ? "written" : "read"),
         fmt::format("chmod {:04o} {}", log.options.mode, shell_word(path))});
}

}  // namespace

std::string configured_socket(const std::string& path) {
  try {
    return config::load(path, output::kinds(), /*check_permissions=*/false).config.daemon.control_socket;
  } catch (const base::Error&) {  // gather_files() tells what is wrong with it
    return config::Config().daemon.control_socket;
  }
}

void gather_files(Facts& facts) {
  std::string why;
  struct stat status{};
  if (::stat(facts.config_path.c_str(), &status) != 0) {
    const int error = errno;
    why = error == EACCES   ? fmt::format("only root can read {}", base::in_quotes(facts.config_path))
          : error == ENOENT ? fmt::format("there is no {}", base::in_quotes(facts.config_path))
                            : fmt::format("{}: {}", facts.config_path, std::generic_category().message(error));
  } else if (!facts.is_root && ::access(facts.config_path.c_str(), R_OK) != 0) {
    why = fmt::format("only root can read {}", base::in_quotes(facts.config_path));
  } else {
    try {
      facts.config = config::load(facts.config_path, output::kinds(), facts.is_root).config;
    } catch (const base::Error& error) {
      for (const base::Problem& problem : error.problems()) facts.config_problems.push_back(problem.text());
      why = fmt::format("{} is wrong", base::in_quotes(facts.config_path));
    }
  }
  if (!facts.config) {
    facts.config.set_unknown(why);
    facts.rooms.set_unknown(why);
    facts.path_faults.set_unknown(why);
    return;
  }
  facts.rooms = rooms_of(facts);
  if (!facts.is_root) {
    facts.path_faults.set_unknown("only root can judge whom the folders belong to");
    return;
  }
  std::vector<PathFault> faults;
  for (const Log& log : logs_of(*facts.config)) look_at_log(log, faults);
  add_untrusted(faults, "the state", facts.config->daemon.state_directory, base::PathPart::kWhole);
  facts.path_faults = std::move(faults);
}

}  // namespace naudit::ctl
