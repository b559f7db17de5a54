// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "output/sinks/file/file_system.hpp"
#include "output/sinks/file/problem.hpp"
#include "output/sinks/trail/name.hpp"

namespace naudit::output {

// A trail in a folder: a regular file of that owner with a trail's name.
struct TrailFile {
  TrailName name;
  std::string path;
  std::uint64_t size = 0;
  std::chrono::sys_seconds modified{};
};

// The trails of a folder, the oldest first; what is none is left out, and never touched. Blocks on the disk.
FileProblem list_trails(FileSystem& system, const std::string& folder, uid_t owner, std::vector<TrailFile>& found);

}  // namespace naudit::output
