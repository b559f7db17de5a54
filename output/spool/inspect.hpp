// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "output/spool/cursor.hpp"
#include "output/spool/disk.hpp"
#include "output/spool/segment_file.hpp"

// A spool from outside: while the daemon writes it, and after a crash. One thread; blocks on the disk.
namespace naudit::output {

struct SegmentReport {
  std::string name;
  std::optional<Segment> segment;
  int code = 0;  // errno: it cannot be read
};

struct SpoolReport {
  std::string folder;
  std::vector<SegmentReport> segments;  // in the order of the stream
  std::vector<std::string> set_aside;   // names of damaged ones
  std::optional<Cursor> cursor;         // none: it is missing or damaged
  bool is_in_use = false;               // by a daemon
  std::uint64_t bytes = 0;              // of all files
  std::uint64_t events = 0;
  std::uint64_t waiting = 0;  // of these, not confirmed

  // Nothing is wrong with it. What is torn off at the end of a spool in use is being written.
  [[nodiscard]] bool is_sound() const;
};

// Whether there is a spool in this folder; else the names of the folders in it that hold one.
bool is_spool(const std::string& folder);
std::vector<std::string> spools_below(const std::string& folder);

// Reads only. `look_at_all`: every frame of every segment. Throws base::Error if the folder cannot be read.
SpoolReport inspect_spool(Disk& disk, const std::string& folder, bool look_at_all);

// Gives the events one after the other, those that are not confirmed, or all that are there, until `take` says false.
// What is damaged is left out. Throws base::Error.
void read_spool(Disk& disk, const std::string& folder, bool all, const std::function<bool(std::string_view)>& take);

// Makes every segment whole: a torn end is cut off; of a damaged one, which is kept as NAME.bad, what can be read is
// written anew; a position that is lost is set to the oldest event. Says what it did, one sentence each. Throws
// base::Error: somebody uses the spool, or it could not be done.
std::vector<std::string> repair_spool(Disk& disk, const std::string& folder);

}  // namespace naudit::output
