// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <vector>

namespace naudit::ctl {

// A file's text, or that of stdin for "-", so that `auditctl -l | nauditctl rules import -` works. Throws base::Error
// as base::read_file() does.
std::string read_input(const std::string& path);

// What messages call it.
std::string input_name(const std::string& path);

// Files that a command makes: collected first, then written all or none, so that nothing is overwritten that was not to
// be, and a command that fails half-way leaves nothing behind.
class OutputFiles {
 public:
  // Throws base::Error when two files would have the same name.
  void add(std::string path, std::string text);
  // One that has to be there, files or not.
  void add_directory(std::string path);
  [[nodiscard]] bool has(const std::string& path) const;

  // Makes the directories that are missing. Without `force` throws base::Error that names every file that is there
  // already, and writes none. Every file is complete on the disk before the first takes its place: what can fail then
  // is a rename, after which those before it are in place.
  void write(bool force) const;

  [[nodiscard]] std::size_t size() const noexcept { return files_.size(); }

 private:
  struct File {
    std::string path, text;
  };
  std::vector<File> files_;
  std::vector<std::string> directories_;
};

}  // namespace naudit::ctl
