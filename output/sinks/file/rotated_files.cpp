// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/file/rotated_files.hpp"

#include <fcntl.h>

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
    : system_(system),
      log_(std::move(log)),
      draft_(folder_of(log_) + "/." + log_.substr(log_.rfind('/') + 1) + ".packing.tmp"),
      rotate_(rotate) {}

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
                     std::chrono::sys_seconds(std::chrono::seconds(status.st_mtim.tv_sec)), status.st_dev,
                     status.st_ino});
  }
  std::ranges::sort(found, [this](const RotatedFile& left, const RotatedFile& right) {
    if (left.name.is_same_log(right.name)) return left.name.packing < right.name.packing;
    return left.name.is_older_than(right.name, rotate_.names);
  });
  std::vector<RotatedFile> logs;
  for (RotatedFile& file : found)
    if (!logs.empty() && logs.back().name.is_same_log(file.name))
      logs.back().copies.push_back(std::move(file.name));
    else
      logs.push_back(std::move(file));
  found = std::move(logs);
  return {};
}

FileProblem RotatedFiles::take(uid_t owner) {
  const std::lock_guard lock(names_);
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
    if (FileProblem kept = remove(*oldest->second)) return kept;
  for (std::uint32_t number = last; number > 1; --number)
    if (FileProblem stuck = move(*numbered.at(number - 1), number)) return stuck;
  const std::string path = path_of(RotatedName::numbered(1));
  if (system_.rename_new(log_.c_str(), path.c_str()) != 0) return file_problem("rotate", log_, errno);
  newest_ = path;
  return {};
}

FileProblem RotatedFiles::move(const RotatedFile& file, std::uint32_t number) {
  const auto rename = [&](const RotatedName& name) {
    const std::string from = path_of(name), to = path_of(RotatedName::numbered(number).packed(name.packing));
    return system_.rename_new(from.c_str(), to.c_str()) == 0 ? FileProblem{} : file_problem("rotate", from, errno);
  };
  FileProblem stuck = rename(file.name);
  for (const RotatedName& copy : file.copies)
    if (!stuck) stuck = rename(copy);
  return stuck;
}

FileProblem RotatedFiles::remove(const RotatedFile& file) {
  FileProblem kept;
  const auto unlink = [&](const std::string& path) {
    if (system_.unlink(path.c_str()) != 0 && errno != ENOENT) kept = file_problem("remove", path, errno);
  };
  unlink(file.path);
  for (const RotatedName& copy : file.copies) unlink(path_of(copy));
  return kept;
}

FileProblem RotatedFiles::drop_oldest(uid_t owner, RotatedFile& removed) {
  const std::lock_guard lock(names_);
  removed = {};
  std::vector<RotatedFile> files;
  if (FileProblem unknown = list(owner, files)) return unknown;
  if (files.empty()) return {};
  if (FileProblem kept = remove(files.front())) return kept;
  removed = std::move(files.front());
  return {};
}

FileProblem RotatedFiles::prune(uid_t owner, bool trust_clock) {
  const std::lock_guard lock(names_);
  std::vector<RotatedFile> files;
  if (FileProblem unknown = list(owner, files)) return unknown;
  const std::size_t count = surplus(files, rotate_, system_.now(), trust_clock);
  FileProblem kept;
  for (std::size_t i = 0; i < count; ++i)
    if (FileProblem one = remove(files[i])) kept = std::move(one);
  return kept;
}

FileProblem RotatedFiles::sync_folder() const {
  const std::string folder = folder_of(log_);
  int fd = -1;
  do fd = system_.open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  while (fd < 0 && errno == EINTR);
  if (fd < 0) return file_problem("open", folder, errno);
  FileProblem problem;
  int result = 0;
  do result = system_.fsync(fd);
  while (result < 0 && errno == EINTR);
  if (result != 0) problem = file_problem("sync", folder, errno);
  system_.close(fd);
  return problem;
}

FileProblem RotatedFiles::remove_draft() {
  struct stat status{};
  if (system_.lstat(draft_.c_str(), &status) != 0 && errno == ENOENT) return {};
  if (system_.unlink(draft_.c_str()) == 0 || errno == ENOENT) return {};
  return file_problem("remove", draft_, errno);
}

namespace {

const RotatedFile* find(const std::vector<RotatedFile>& files, const RotatedFile& wanted) {
  const auto found = std::ranges::find_if(files, [&](const RotatedFile& file) {
    return file.inode == wanted.inode && file.device == wanted.device && file.name.packing == wanted.name.packing;
  });
  return found == files.end() ? nullptr : &*found;
}

}  // namespace

FileProblem RotatedFiles::put_draft(uid_t owner, const RotatedFile& of, Packing packing, bool& done) {
  done = false;
  const std::lock_guard lock(names_);
  std::vector<RotatedFile> files;
  if (FileProblem unknown = list(owner, files)) return unknown;
  const RotatedFile* const now = find(files, of);
  if (now == nullptr || now->size != of.size || now->modified != of.modified) return {};
  const std::string path = path_of(now->name.packed(packing));
  if (system_.rename_new(draft_.c_str(), path.c_str()) != 0) return file_problem("make", path, errno);
  done = true;
  return {};
}

FileProblem RotatedFiles::remove_packed(uid_t owner, const RotatedFile& of) {
  const std::lock_guard lock(names_);
  std::vector<RotatedFile> files;
  if (FileProblem unknown = list(owner, files)) return unknown;
  const RotatedFile* const now = find(files, of);
  if (now == nullptr || now->copies.empty()) return {};
  return system_.unlink(now->path.c_str()) == 0 ? FileProblem{} : file_problem("remove", now->path, errno);
}

std::vector<RotatedFile> rotated_of(const std::string& log) {
  FileSystem& system = real_file_system();
  struct stat status{};
  std::vector<RotatedFile> files;
  if (system.lstat(log.c_str(), &status) != 0 || RotatedFiles(system, log, {}).list(status.st_uid, files)) return {};
  std::ranges::sort(files, [](const RotatedFile& left, const RotatedFile& right) {
    if (left.modified != right.modified) return left.modified > right.modified;
    return right.name.is_older_than(left.name, RotateNames::kNumbered);
  });
  return files;
}

}  // namespace naudit::output
