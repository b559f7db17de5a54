// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/undo/changes.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "base/file.hpp"
#include "base/written_file.hpp"

namespace naudit::migrate {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kMode = 0640;
constexpr unsigned kFolderMode = 0750;
constexpr unsigned kOwnFolderMode = 0700;
constexpr std::string_view kOwnFolder = ".migrate";
constexpr std::string_view kRecord = ".migrate/record.json";
constexpr std::string_view kBefore = ".migrate/before";

[[noreturn]] void fail(const std::string& path, const char* what, int code = errno) {
  throw base::Error({path, 0, 0}, std::string("cannot be ") + what + ": " + std::generic_category().message(code));
}

bool is_there(const std::string& path) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) == 0) return true;
  if (errno != ENOENT && errno != ENOTDIR) fail(path, "looked at");
  return false;
}

// A link that leads nowhere is one without a text.
std::optional<std::string> text_of(const std::string& path) {
  if (!is_there(path)) return std::nullopt;
  std::error_code error;
  if (!fs::exists(path, error) && !error) return std::string();
  return base::read_file(path, false);
}

std::vector<std::string> folders_above(const std::string& path) {
  std::vector<std::string> found;
  for (std::size_t end = path.find('/'); end != std::string::npos; end = path.find('/', end + 1))
    found.push_back(path.substr(0, end));
  return found;
}

}  // namespace

MigratedFolder::MigratedFolder(std::string folder) : folder_(std::move(folder)) {
  const std::string path = at(kRecord);
  if (is_there(path)) record_ = read_record(base::read_file(path, false), path);
}

std::string MigratedFolder::at(std::string_view path) const {
  return fs::path(folder_) / path;
}

std::string MigratedFolder::kept(std::string_view name) const {
  return fs::path(folder_) / kBefore / name;
}

bool MigratedFolder::is_as_written(const ChangeRecord::File& file, const std::optional<std::string>& now) const {
  return now ? !file.written.empty() && sha256(*now) == file.written : file.written.empty();
}

bool MigratedFolder::is_as_before(const ChangeRecord::File& file, const std::optional<std::string>& now) const {
  return file.before.empty() ? !now : now && text_of(kept(file.before)) == now;
}

std::vector<MigratedFolder::Change> MigratedFolder::changes(const std::vector<Wanted>& wanted) const {
  std::vector<Change> found;
  for (const Wanted& file : wanted) {
    std::optional<std::string> before = text_of(at(file.path));
    if (before != file.text) found.push_back({file.path, std::move(before), file.text});
  }
  for (const ChangeRecord::File& file : record_.files) {
    if (std::ranges::find(wanted, file.path, &Wanted::path) != wanted.end()) continue;
    std::optional<std::string> before = text_of(at(file.path));
    if (before && is_as_written(file, before)) found.push_back({file.path, std::move(before), std::nullopt});
  }
  return found;
}

std::vector<std::string> MigratedFolder::left_over(const std::vector<Wanted>& wanted) const {
  std::vector<std::string> found;
  for (const ChangeRecord::File& file : record_.files) {
    if (std::ranges::find(wanted, file.path, &Wanted::path) != wanted.end()) continue;
    const std::optional<std::string> now = text_of(at(file.path));
    if (now && !is_as_written(file, now)) found.push_back(at(file.path));
  }
  return found;
}

void MigratedFolder::make_folder(const std::string& path) {
  const std::string whole = at(path);
  std::error_code error;
  if (fs::is_directory(whole, error)) return;
  if (::mkdir(whole.c_str(), kFolderMode) != 0) fail(whole, "made");
  ::chmod(whole.c_str(), kFolderMode);  // whatever the umask is
}

void MigratedFolder::apply(const std::vector<Change>& changes, bool force, const MayReplace& may_replace) {
  std::vector<base::Problem> refused;
  for (const Change& change : changes) {
    if (force || !change.before) continue;
    const ChangeRecord::File* const known = record_.find(change.path);
    if (known != nullptr ? is_as_written(*known, change.before) || is_as_before(*known, change.before)
                         : may_replace(change.path, *change.before))
      continue;
    refused.push_back({{at(change.path), 0, 0},
                       known != nullptr
                           ? "was changed since the last migration; nothing was written. --force overwrites it"
                           : "is there already; nothing was written. --force replaces it, and --back brings "
                             "it back"});
  }
  if (!refused.empty()) throw base::Error(std::move(refused));
  if (changes.empty()) return;

  fs::path above = folder_;
  if (std::error_code error; !fs::is_directory(above, error) && !fs::create_directories(above, error))
    throw base::Error({folder_, 0, 0}, "cannot be made: " + error.message());
  for (const std::string_view own : {kOwnFolder, kBefore})
    if (::mkdir(at(own).c_str(), kOwnFolderMode) != 0 && errno != EEXIST) fail(at(own), "made");

  ChangeRecord next = record_;
  for (const Change& change : changes) {
    auto known = std::ranges::find(next.files, change.path, &ChangeRecord::File::path);
    if (known == next.files.end()) {
      next.files.push_back({change.path, "", ""});
      known = std::prev(next.files.end());
      if (change.before) {
        known->before = std::to_string(next.files.size());
        // The file itself, with all that it has: a second name that stays when the first one gets a new file.
        const std::string kept_at = kept(known->before);
        if (::unlink(kept_at.c_str()) != 0 && errno != ENOENT) fail(kept_at, "removed");  // of one that broke off
        if (::linkat(AT_FDCWD, at(change.path).c_str(), AT_FDCWD, kept_at.c_str(), 0) != 0) fail(kept_at, "kept");
      }
    }
    known->written = change.after ? sha256(*change.after) : "";
    for (std::string& folder : folders_above(change.path)) {
      std::error_code error;
      if (!fs::is_directory(at(folder), error) && std::ranges::find(next.folders, folder) == next.folders.end())
        next.folders.push_back(std::move(folder));
    }
  }
  base::write_file(at(kRecord), record_text(next), kMode);
  record_ = std::move(next);

  for (const std::string& folder : record_.folders) make_folder(folder);
  std::vector<base::WrittenFile> written;
  for (const Change& change : changes) {
    if (!change.after) continue;
    // A link would be followed, and what it leads to replaced.
    std::error_code error;
    if (fs::is_symlink(at(change.path), error) && ::unlink(at(change.path).c_str()) != 0)
      fail(at(change.path), "removed");
    written.emplace_back(at(change.path), *change.after, kMode);
  }
  for (base::WrittenFile& file : written) file.put_in_place();
  for (const Change& change : changes)
    if (!change.after && ::unlink(at(change.path).c_str()) != 0) fail(at(change.path), "removed");
}

std::vector<base::Problem> MigratedFolder::back(bool force) {
  if (!is_migrated()) throw base::Error({at(kRecord), 0, 0}, "is not there: nothing was migrated into " + folder_);
  std::vector<base::Problem> changed, stays;
  std::vector<const ChangeRecord::File*> restore;
  for (const ChangeRecord::File& file : record_.files) {
    const std::optional<std::string> now = text_of(at(file.path));
    if (!file.before.empty() && !is_there(kept(file.before))) {
      // An earlier one broke off behind this file.
      if (now) continue;
      throw base::Error({kept(file.before), 0, 0}, "is missing: '" + at(file.path) + "' cannot be what it was");
    }
    if (is_as_before(file, now) && file.before.empty()) continue;
    if (!is_as_written(file, now) && !is_as_before(file, now))
      changed.push_back({{at(file.path), 0, 0},
                         now ? "was changed since the migration; nothing was restored. --force drops the change"
                             : "was removed since the migration; nothing was restored. --force goes on"});
    restore.push_back(&file);
  }
  if (!changed.empty() && !force) throw base::Error(std::move(changed));
  for (const ChangeRecord::File* const file : restore) {
    const std::string path = at(file->path);
    if (!file->before.empty()) {
      std::error_code error;
      fs::create_directories(fs::path(path).parent_path(), error);
      if (::rename(kept(file->before).c_str(), path.c_str()) != 0) fail(path, "restored");
      // Two names of one file are none to rename(2).
      if (::unlink(kept(file->before).c_str()) != 0 && errno != ENOENT) fail(kept(file->before), "removed");
    } else if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
      fail(path, "removed");
    }
  }
  for (auto folder = record_.folders.rbegin(); folder != record_.folders.rend(); ++folder)
    if (::rmdir(at(*folder).c_str()) != 0 && errno != ENOENT)
      stays.push_back({{at(*folder), 0, 0}, "stays: " + std::generic_category().message(errno)});
  if (::unlink(at(kRecord).c_str()) != 0) fail(at(kRecord), "removed");
  for (const std::string_view own : {kBefore, kOwnFolder})
    if (::rmdir(at(own).c_str()) != 0)
      stays.push_back({{at(own), 0, 0}, "stays: " + std::generic_category().message(errno)});
  record_ = {};
  return stays;
}

}  // namespace naudit::migrate
