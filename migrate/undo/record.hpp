// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace naudit::migrate {

// What a migration changed below its folder, so that it can be taken back. A value.
struct ChangeRecord {
  struct File {
    std::string path;     // below the folder
    std::string written;  // SHA-256 of what the migration wrote, in hexadecimal; empty: it removed the file
    std::string before;   // the name below before/ of what was there; empty: nothing
    friend bool operator==(const File&, const File&) = default;
  };
  std::vector<File> files;
  std::vector<std::string> folders;  // that it made, those above first

  [[nodiscard]] const File* find(std::string_view path) const;
  friend bool operator==(const ChangeRecord&, const ChangeRecord&) = default;
};

// Its JSON, and back. read_record() takes any bytes; throws base::Error, named after the file, for what record_text()
// did not write: a path or name that leads out of its folder above all. Pure.
std::string record_text(const ChangeRecord& record);
ChangeRecord read_record(const std::string& text, const std::string& name);

std::string sha256(std::string_view text);

}  // namespace naudit::migrate
