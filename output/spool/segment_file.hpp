// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "output/spool/disk.hpp"
#include "output/spool/format.hpp"

namespace naudit::output {

// What is known of one segment without reading its events.
struct Segment {
  std::uint64_t first_sequence = 0;  // as in its name
  std::uint64_t last_sequence = 0;   // first_sequence - 1: it has none
  std::uint64_t events = 0;
  std::uint64_t priority_events = 0;
  std::uint64_t bytes = 0;          // of the file
  std::uint64_t frames_end = 0;     // behind the last whole frame
  std::uint64_t damaged_bytes = 0;  // between its frames, as far as it was looked at
  std::uint64_t torn_bytes = 0;     // behind them, where the footer should be
  SpoolTime made;
  std::int64_t last_wall_ms = 0;  // of the last write, as far as it is known
  BootId boot_id{};
  std::string sink;
  std::string first_id, last_id;
  bool is_sealed = false;
  bool is_thinned = false;
  bool has_header = true;

  [[nodiscard]] bool is_damaged() const noexcept { return damaged_bytes > 0 || !has_header; }
};

struct SegmentLoaded {
  std::optional<Segment> segment;
  int code = 0;  // errno where there is none
};
// Header and footer; all frames where there is no footer, or with `look_at_all`: then the CRC of the whole file is
// compared, too, and one that is wrong is damage. Reads only.
SegmentLoaded load_segment(Disk& disk, const std::string& path, std::uint64_t first_sequence, bool look_at_all);

// Cuts what is torn off and writes the footer. 0, or an errno.
int seal_segment(Disk& disk, const std::string& path, Segment& segment, std::int64_t wall_ms);

// Writes the events with priority of these neighbours, of which there may be one only, into a file beside them, syncs
// it and puts it in the place of the first; the others are to be removed then. `keep_all`: every event that can be
// read, for a repair. Nothing, and errno, if that failed: all is as it was.
std::optional<Segment> rewrite_segments(Disk& disk, const std::string& folder, std::span<const Segment> sources,
                                        bool keep_all);

}  // namespace naudit::output
