// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/file/rotated_files.hpp"

#include <algorithm>
#include <cerrno>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace naudit::output {

std::size_t surplus(std::span<const RotatedFile> oldest_first, const Rotate& rotate, std::chrono::sys_seconds now,
                    bool trust_clock) noexcept {
  std::uint64_t total = 0;
  for (const RotatedFile& file : oldest_first) total += file.size;
  std::size_t count = 0;
  for (const RotatedFile& file : oldest_first) {
    const bool is_old = trust_clock && rotate.age.count() > 0 && now - file.modified > rotate.age;
    const bool is_large = rotate.total > 0 && total > rotate.total;
    const bool is_one_more = oldest_first.size() - count > rotate.most();
    if (!is_old && !is_large && !is_one_more) break;
    total -= file.size;
    ++count;
  }
  return count;
}

RotatedFiles::RotatedFiles(FileSystem& system, std::string log, Rotate rotate)
    : system_(system), log_(std::move(log)), rotate_(rotate) {}

std::string RotatedFiles::path_of(const RotatedName& name) const {
  return log_ + '.' + name.suffix();
}

FileProblem RotatedFiles::list(uid_t owner, std::vector<RotatedFile>& found) const {
  found.clear();
  const std::string folder = folder_of(log_);
  std::vector<std::string> names;
  if (const int code = system_.names_in(folder, names); code != 0) return file_problem("list", folder, code);
  const std::string begin = log_.substr(log_.rfind('/') + 1) + '.';
  for (const std::string& entry : names) {
    if (!entry.starts_with(begin)) continue;
    const auto name = RotatedName::of(std::string_view(entry).substr(begin.size()));
    if (!name) continue;
    const std::string path = log_ + '.' + entry.substr(begin.size());
    struct stat status{};
    if (system_.lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_uid != owner) continue;
    found.push_back({*name, path, static_cast<std::uint64_t>(status.st_size),
                     std::chrono::sys_seconds(std::chrono::seconds(status.st_mtim.tv_sec))});
  }
  std::ranges::sort(found, [this](const RotatedFile& left, const RotatedFile& right) {
    return left.name.is_older_than(right.name, rotate_.names);
  });
  return {};
}

FileProblem RotatedFiles::take(uid_t owner) {
  newest_.clear();
  if (rotate_.most() == 0)
    return system_.unlink(log_.c_str()) == 0 ? FileProblem{} : file_problem("remove", log_, errno);
  std::vector<RotatedFile> files;
  if (FileProblem unknown = list(owner, files)) return unknown;
  return rotate_.names == RotateNames::kDated ? take_stamp(files) : take_number(files);
}

FileProblem RotatedFiles::take_stamp(const std::vector<RotatedFile>& files) {
  const std::chrono::sys_seconds now = system_.now();
  for (std::uint32_t count = 0; count <= RotatedName::kMostOfOneSecond; ++count) {
    const RotatedName name = RotatedName::dated(now, count);
    if (std::ranges::any_of(files, [&](const RotatedFile& file) { return file.name.stamp == name.stamp; })) continue;
    const std::string path = path_of(name);
    if (system_.rename_new(log_.c_str(), path.c_str()) == 0) {
      newest_ = path;
      return {};
    }
    if (errno != EEXIST) return file_problem("rotate", log_, errno);
  }
  return file_problem("rotate", log_, EEXIST);
}

FileProblem RotatedFiles::take_number(const std::vector<RotatedFile>& files) {
  std::map<std::uint32_t, const RotatedFile*> numbered;
  for (const RotatedFile& file : files)
    if (file.name.names == RotateNames::kNumbered) numbered[file.name.number] = &file;
  // Up to the first gap only: names beyond it need not move.
  const std::uint32_t most = rotate_.most();
  std::uint32_t last = 1;
  while (last < most && numbered.contains(last)) ++last;
  if (const auto oldest = numbered.find(last); oldest != numbered.end())
    if (system_.unlink(oldest->second->path.c_str()) != 0) return file_problem("remove", oldest->second->path, errno);
  for (std::uint32_t number = last; number > 1; --number) {
    const std::string& from = numbered.at(number - 1)->path;
    if (system_.rename_new(from.c_str(), path_of(RotatedName::numbered(number)).c_str()) != 0)
      return file_problem("rotate", from, errno);
  }
  const std::string path = path_of(RotatedName::numbered(1));
  if (system_.rename_new(log_.c_str(), path.c_str()) != 0) return file_problem("rotate", log_, errno);
  newest_ = path;
  return {};
}

FileProblem RotatedFiles::drop_oldest(uid_t owner, RotatedFile& removed) {
  removed = {};
  std::vector<RotatedFile> files;
  if (FileProblem unknown = list(owner, files)) return unknown;
  if (files.empty()) return {};
  if (system_.unlink(files.front().path.c_str()) != 0) return file_problem("remove", files.front().path, errno);
  removed = std::move(files.front());
  return {};
}

FileProblem RotatedFiles::prune(uid_t owner, bool trust_clock) {
  std::vector<RotatedFile> files;
  if (FileProblem unknown = list(owner, files)) return unknown;
  const std::size_t count = surplus(files, rotate_, system_.now(), trust_clock);
  FileProblem kept;
  for (std::size_t i = 0; i < count; ++i)
    if (system_.unlink(files[i].path.c_str()) != 0 && errno != ENOENT)
      kept = file_problem("remove", files[i].path, errno);
  return kept;
}

}  // namespace naudit::output
