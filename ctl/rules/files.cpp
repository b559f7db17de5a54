// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/rules/files.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/written_file.hpp"

namespace naudit::ctl {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kMode = 0640;
constexpr unsigned kDirectoryMode = 0750;

// The directories that were missing; they go again unless they are kept.
class NewDirectories {
 public:
  NewDirectories() = default;
  NewDirectories(const NewDirectories&) = delete;
  NewDirectories& operator=(const NewDirectories&) = delete;
  ~NewDirectories() {
    for (auto path = made_.rbegin(); path != made_.rend(); ++path) ::rmdir(path->c_str());
  }

  // nauditd refuses what others may write, whatever the umask is.
  void make(const fs::path& path) {
    std::error_code error;
    if (path.empty() || fs::is_directory(path, error)) return;
    make(path.parent_path());
    if (fs::create_directory(path, error)) made_.push_back(path);
    if (error) throw base::Error({path, 0, 0}, "cannot be made: " + error.message());
    ::chmod(path.c_str(), kDirectoryMode);
  }

  void keep() { made_.clear(); }

 private:
  std::vector<fs::path> made_;
};

}  // namespace

std::string read_input(const std::string& path) {
  if (path != "-") return base::read_file(path, false);
  std::string text;
  std::array<char, 65536> piece{};
  while (const std::size_t count = std::fread(piece.data(), 1, piece.size(), stdin)) {
    text.append(piece.data(), count);
    if (text.size() > base::kMostFileBytes) throw base::Error({"stdin", 0, 0}, "has more than 4 MiB");
  }
  if (std::ferror(stdin) != 0) throw base::Error({"stdin", 0, 0}, "cannot be read");
  return text;
}

std::string input_name(const std::string& path) {
  return path == "-" ? "stdin" : path;
}

void OutputFiles::add(std::string path, std::string text) {
  const bool there = std::any_of(files_.begin(), files_.end(), [&path](const File& file) { return file.path == path; });
  if (there) throw base::Error({path, 0, 0}, "two of the files would have this name; convert them one by one");
  files_.push_back({std::move(path), std::move(text)});
}

void OutputFiles::add_directory(std::string path) {
  directories_.push_back(std::move(path));
}

bool OutputFiles::has(const std::string& path) const {
  return std::ranges::find(files_, fs::path(path).lexically_normal(),
                           [](const File& file) { return fs::path(file.path).lexically_normal(); }) != files_.end();
}

void OutputFiles::write(bool force) const {
  std::vector<base::Problem> there;
  for (const File& file : files_)
    if (!force && fs::exists(file.path))
      there.push_back({{file.path, 0, 0}, "is there already; nothing was written. --force overwrites it"});
  if (!there.empty()) throw base::Error(std::move(there));
  NewDirectories directories;
  std::vector<base::WrittenFile> written;
  for (const File& file : files_) {
    directories.make(fs::path(file.path).parent_path());
    written.emplace_back(file.path, file.text, kMode);
  }
  for (const std::string& path : directories_) directories.make(path);
  directories.keep();
  for (base::WrittenFile& file : written) file.put_in_place();
}

}  // namespace naudit::ctl
