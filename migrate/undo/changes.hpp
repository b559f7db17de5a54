// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "migrate/undo/record.hpp"

namespace naudit::migrate {

// The folder that a migration writes into (/etc/naudit), and what is needed to take that back: below .migrate/ a
// record, and each file that was there before, itself and not a copy. Owner: one command; blocks on the disk. Two at
// once are not prevented.
class MigratedFolder {
 public:
  // Throws base::Error when there is a record that cannot be read.
  explicit MigratedFolder(std::string folder);

  struct Wanted {
    std::string path;  // below the folder
    std::string text;
  };
  struct Change {
    std::string path;
    std::optional<std::string> before, after;  // nothing: the file is not there
  };
  // What a migration to these files would change: those whose text differs, and those that an earlier one wrote, that
  // nobody has touched since, and that are not wanted any more. Throws base::Error for what cannot be read.
  [[nodiscard]] std::vector<Change> changes(const std::vector<Wanted>& wanted) const;
  // What an earlier migration wrote, is not wanted any more, and has been changed since: it stays.
  [[nodiscard]] std::vector<std::string> left_over(const std::vector<Wanted>& wanted) const;

  // Whether a file that no migration wrote may be replaced without `force`.
  using MayReplace = std::function<bool(const std::string& path, const std::string& text)>;
  // Throws base::Error that names each file that may not, and changes nothing. The record is on the disk before the
  // first file changes. A failure in between leaves a state that back() restores.
  void apply(const std::vector<Change>& changes, bool force, const MayReplace& may_replace);

  [[nodiscard]] bool is_migrated() const noexcept { return !record_.files.empty() || !record_.folders.empty(); }
  // The state before the first migration: each file that was there is itself again, with owner, mode and times. Throws
  // base::Error that names each file that somebody has changed since, and restores none, unless `force`. What stays and
  // why comes back.
  std::vector<base::Problem> back(bool force);

 private:
  [[nodiscard]] std::string at(std::string_view path) const;
  [[nodiscard]] std::string kept(std::string_view name) const;
  [[nodiscard]] bool is_as_written(const ChangeRecord::File& file, const std::optional<std::string>& now) const;
  [[nodiscard]] bool is_as_before(const ChangeRecord::File& file, const std::optional<std::string>& now) const;
  void make_folder(const std::string& path);

  std::string folder_;
  ChangeRecord record_;
};

}  // namespace naudit::migrate
