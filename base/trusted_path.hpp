// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace naudit::base {

// Whether a path can be trusted: nobody but root and the user that we run as can change what it leads to. Who can write
// one folder on the way can put another file, or another link, in the place of what stands below it.
//
// The rule, for each folder, each symbolic link and what the path ends at, from / on:
//   - it belongs to root or to us;
//   - it cannot be written by others, nor by a group other than root's (an access list counts as a group);
//   - a folder with the sticky bit that belongs to root, such as /tmp, may be written by everybody: there only the
//   owner
//     of an entry can exchange it (fs/namei.c, check_sticky), and what comes next belongs to root or to us anyway;
//   - a link is followed, and the rule holds for each folder on the way to its target, too.
//
// What is not there ends the walk: what is missing cannot be judged, and whoever opens it says so. The same holds for
// what cannot be looked at. As long as the answer is "trusted", nobody else can make it untrue afterwards, so that it
// may be asked before the file is opened or after it.

// How far a path is judged.
enum class PathPart : std::uint8_t {
  kWhole,    // with what it ends at: what is read
  kParents,  // the folders only: what is made there, or is judged otherwise
};

// What is wrong, and where.
struct Untrusted {
  std::string path;    // the folder, link or file that others can change
  std::string what;    // "can be written by everybody", "belongs to user id 1000"
  std::string remedy;  // "chmod go-w '/srv'"

  // "'/srv' can be written by everybody, who could put something else in its place: chmod go-w '/srv'"
  [[nodiscard]] std::string text() const;
};

// One name of a path, as lstat() tells it.
struct PathEntry {
  uid_t uid = 0;
  gid_t gid = 0;
  mode_t mode = 0;
  bool has_access_list = false;  // a POSIX ACL: the group bits are then its mask
  std::string target;            // of a symbolic link
};
// Nothing: not there, or cannot be looked at.
using LookAtPath = std::function<std::optional<PathEntry>(const std::string& path)>;

// As this machine's disk has it. Blocks on the disk.
std::optional<PathEntry> look_at_path(const std::string& path);

// Pure, except for `look`. `path` is absolute; `us` is the user that we run as.
std::optional<Untrusted> find_untrusted(const std::string& path, PathPart part, uid_t us, const LookAtPath& look);

// The same on this machine, for our effective user; a relative path begins at the current folder. Blocks on the disk.
// Any thread.
std::optional<Untrusted> find_untrusted(const std::string& path, PathPart part);

}  // namespace naudit::base
