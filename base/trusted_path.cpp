// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "base/trusted_path.hpp"

#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/text.hpp"

namespace naudit::base {
namespace {

// As the kernel's limit (include/linux/namei.h, MAXSYMLINKS).
constexpr int kMostLinks = 40;

std::optional<Untrusted> judged(const std::string& path, const PathEntry& entry, uid_t us) {
  if (entry.uid != 0 && entry.uid != us) {
    // chown without -h would change what the link leads to.
    const char* chown = S_ISLNK(entry.mode) ? "chown -h root " : "chown root ";
    return Untrusted{path, "belongs to user id " + std::to_string(entry.uid), chown + in_quotes(path)};
  }
  if (S_ISLNK(entry.mode)) return std::nullopt;  // its mode means nothing
  if (S_ISDIR(entry.mode) && (entry.mode & S_ISVTX) != 0 && entry.uid == 0) return std::nullopt;
  if ((entry.mode & S_IWOTH) != 0)
    return Untrusted{path, "can be written by everybody", "chmod go-w " + in_quotes(path)};
  if ((entry.mode & S_IWGRP) == 0) return std::nullopt;
  if (entry.has_access_list)
    return Untrusted{path, "can be written by whom its access list names", "setfacl -b " + in_quotes(path)};
  if (entry.gid == 0) return std::nullopt;
  return Untrusted{path, "can be written by group id " + std::to_string(entry.gid), "chmod g-w " + in_quotes(path)};
}

std::string parent(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

}  // namespace

std::optional<PathEntry> look_at_path(const std::string& path) {
  struct stat found{};
  if (::lstat(path.c_str(), &found) != 0) return std::nullopt;
  PathEntry entry{
      .uid = found.st_uid, .gid = found.st_gid, .mode = found.st_mode, .has_access_list = false, .target = {}};
  if (S_ISLNK(found.st_mode)) {
    std::error_code error;
    entry.target = std::filesystem::read_symlink(path, error).string();
    if (error) return std::nullopt;
  } else if ((found.st_mode & S_IWGRP) != 0) {
    entry.has_access_list = ::lgetxattr(path.c_str(), "system.posix_acl_access", nullptr, 0) > 0;
  }
  return entry;
}

std::string Untrusted::text() const {
  return in_quotes(path) + ' ' + what + ", who could put something else in its place: " + remedy;
}

std::optional<Untrusted> find_untrusted(const std::string& path, PathPart part, uid_t us, const LookAtPath& look) {
  std::string here = "/";    // judged, and no link
  std::string ahead = path;  // from there on
  if (const auto root = look(here)) {
    if (auto found = judged(here, *root, us)) return found;
  }
  for (int links = 0; true;) {
    ahead.erase(0, ahead.find_first_not_of('/'));
    if (ahead.empty()) return std::nullopt;
    const std::size_t end = std::min(ahead.find('/'), ahead.size());
    const std::string name = ahead.substr(0, end);
    ahead.erase(0, end);
    if (name == ".") continue;
    if (name == "..") {
      here = parent(here);
      continue;
    }
    std::string next = (here == "/" ? here : here + '/') + name;
    const bool is_last = ahead.find_first_not_of('/') == std::string::npos;
    const auto entry = look(next);
    if (!entry) return std::nullopt;
    const bool is_link = S_ISLNK(entry->mode);
    if (is_last && !is_link && part == PathPart::kParents) return std::nullopt;
    if (auto found = judged(next, *entry, us)) return found;
    if (!is_link) {
      here = std::move(next);
      continue;
    }
    if (++links > kMostLinks) return std::nullopt;  // whoever opens it gets ELOOP
    if (entry->target.starts_with('/')) here = "/";
    ahead.insert(0, entry->target + (is_last ? "" : "/"));
  }
}

std::optional<Untrusted> find_untrusted(const std::string& path, PathPart part) {
  std::error_code error;
  const std::string whole = std::filesystem::absolute(path, error).string();
  return find_untrusted(error ? path : whole, part, ::geteuid(), look_at_path);
}

}  // namespace naudit::base
