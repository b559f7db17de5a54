// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace naudit::stored {

// What a log's name says about its place among its like: "audit.log.3.gz", "audit.log-20240131", "events.json".
struct LogName {
  std::string series;        // the name without what rotation and compression added
  std::string date;          // its digits; empty: none
  std::uint32_t number = 0;  // of ".3", where a larger one is older; 0: none

  static LogName of(std::string_view file_name);
  // Rotated by date, then by number, then the one that is still written to.
  [[nodiscard]] bool is_older_than(const LogName& other) const noexcept;
};

// Files of one series, in one directory, oldest first, at the place where the first of them stood; all else stays as it
// stands. Pure.
void sort_logs(std::vector<std::string>& paths);

struct InputList {
  std::vector<std::string> paths;     // "-": standard input
  std::vector<std::string> problems;  // one sentence each: arguments that cannot be read
  std::uint64_t size = 0;             // of all files together, on the disk; 0: not known
};

// Arguments as the user gave them: files, "-", and directories, whose logs they stand for. No argument: standard input.
InputList list_inputs(const std::vector<std::string>& arguments);

}  // namespace naudit::stored
