// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/trail/trails.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

namespace naudit::output {

FileProblem list_trails(FileSystem& system, const std::string& folder, uid_t owner, std::vector<TrailFile>& found) {
  found.clear();
  std::vector<std::string> names;
  if (const int code = system.names_in(folder, names); code != 0) return file_problem("list", folder, code);
  for (const std::string& entry : names) {
    auto name = TrailName::of(entry);
    if (!name) continue;
    std::string path = folder + '/' + entry;
    struct stat status{};
    if (system.lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_uid != owner) continue;
    found.push_back({*std::move(name), std::move(path), static_cast<std::uint64_t>(status.st_size),
                     std::chrono::sys_seconds(std::chrono::seconds(status.st_mtim.tv_sec))});
  }
  std::ranges::sort(found, {}, [](const TrailFile& file) { return file.name.text(); });
  return {};
}

}  // namespace naudit::output
