// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/confine/confinement.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>

#include <spdlog/spdlog.h>

#include "daemon/confine/landlock.hpp"
#include "output/sinks/sink_files.hpp"

namespace naudit::daemon {
namespace {

namespace fs = std::filesystem;

// The folder itself, or the nearest one above it that is there. Without links: a rule is about what they lead to.
fs::path nearest(fs::path folder) {
  std::error_code error;
  while (!fs::is_directory(folder, error) && folder != folder.parent_path()) folder = folder.parent_path();
  const fs::path real = fs::canonical(folder, error);
  return error ? folder : real;
}

// A file sink makes files beside its own; a device or a pipe has nothing beside it that were ours.
fs::path written(const std::string& file) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (!error && fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status)) return file;
  // A link is exchanged where it stands, and what it leads to is written.
  return nearest(fs::path(file).parent_path());
}

std::optional<std::pair<dev_t, ino_t>> identity_of(const fs::path& path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0) return std::nullopt;
  return std::pair(found.st_dev, found.st_ino);
}

}  // namespace

std::vector<std::string> Confinement::needed(const config::Config& config) {
  std::vector<std::string> paths;
  const auto add = [&paths](const fs::path& path) {
    // What is missing from the top on would open everything.
    if (path == path.root_path() || std::ranges::find(paths, path.string()) != paths.end()) return;
    paths.push_back(path.string());
  };
  add(nearest(config.daemon.state_directory));
  add(nearest(fs::path(config.daemon.control_socket).parent_path()));
  for (const config::Sink& sink : config.sinks)
    for (const output::WrittenFile& file : output::written_files(sink)) add(written(file.path));
  return paths;
}

bool Confinement::needs_kept_rights(const config::Config& config) {
  return !config.plugins.directories.empty() || std::ranges::any_of(config.sinks, output::needs_all_rights);
}

Confinement Confinement::begin(const config::Config& config) {
  Confinement made;
  made.keeps_rights_ = needs_kept_rights(config);
  const std::vector<std::string> paths = needed(config);
  std::vector<std::string> all = paths;
  all.emplace_back("/proc/self/task");  // a thread gets its name by a write there (pthread_setname_np(3))
  made.programs_ = std::ranges::any_of(config.sinks, output::starts_program);
  if (!config.metrics.address.empty()) made.ports_.push_back(config.metrics.port);
  if (const auto problem = confine(all, made.programs_ ? Programs::kAllowed : Programs::kNone, made.ports_)) {
    spdlog::warn("nauditd does not confine itself: {}", *problem);
    return made;
  }
  made.holds_ = true;
  for (const std::string& path : paths)
    if (const auto identity = identity_of(path)) made.paths_.push_back(*identity);
  return made;
}

bool Confinement::allows_port(std::uint16_t port) const {
  return !holds_ || std::ranges::find(ports_, port) != ports_.end();
}

// By what the folders are and not by their names: one that was put in the place of another is another.
bool Confinement::allows(const std::string& file) const {
  if (!holds_) return true;
  for (fs::path path = written(file);; path = path.parent_path()) {
    const auto identity = identity_of(path);
    if (identity && std::ranges::find(paths_, *identity) != paths_.end()) return true;
    if (path == path.parent_path()) return false;
  }
}

}  // namespace naudit::daemon
