// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/output_files.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "config/error.hpp"
#include "ctl/written_file.hpp"

namespace naudit::ctl {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kMode = 0640;
constexpr unsigned kDirectoryMode = 0750;

// nauditd refuses what others may write, whatever the umask is.
void make_directories(const fs::path& path) {
  if (path.empty() || fs::is_directory(path)) return;
  make_directories(path.parent_path());
  fs::create_directory(path);
  ::chmod(path.c_str(), kDirectoryMode);
}

}  // namespace

void OutputFiles::add(std::string path, std::string text) {
  const bool there = std::any_of(files_.begin(), files_.end(), [&path](const File& file) { return file.path == path; });
  if (there) throw config::Error({path, 0, 0}, "two of the files would have this name; convert them one by one");
  files_.push_back({std::move(path), std::move(text)});
}

void OutputFiles::write(bool force) const {
  std::vector<config::Problem> there;
  for (const File& file : files_) {
    if (!force && fs::exists(file.path)) {
      there.push_back({{file.path, 0, 0}, "is there already; nothing was written. --force overwrites it"});
    }
  }
  if (!there.empty()) throw config::Error(std::move(there));
  for (const File& file : files_) {
    make_directories(fs::path(file.path).parent_path());
    write_file(file.path, file.text, kMode);
  }
}

}  // namespace naudit::ctl
