// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>

#include "correlate/event.hpp"
#include "stored/reader.hpp"

namespace naudit::ctl {

using correlate::kIncompleteReasons;

// What became of the events that were encoded. Each encoding thread has its own; they are added up at the end.
struct EventCounts {
  std::uint64_t events = 0;    // that came
  std::uint64_t filtered = 0;  // of those: not asked for, so not written
  std::uint64_t unspoken = 0;  // and of those that the format has no words for
  std::uint64_t late = 0;
  std::array<std::uint64_t, kIncompleteReasons> incomplete{};  // by correlate::Incomplete; that of kNo stays 0

  void add(const EventCounts& other) noexcept;
};

// One run of `nauditctl convert`.
struct Statistics {
  std::uint64_t files = 0;
  std::uint64_t failed = 0;  // files that could not be read to their end
  stored::ReadCounts read;
  EventCounts events;
  std::uint64_t written = 0;  // bytes
  std::chrono::duration<double> elapsed{};
  std::chrono::duration<double> cpu{};
};

// For a person, some lines. Pure.
std::string statistics_text(const Statistics& statistics);
// One JSON object and a newline (docs/convert.md). Pure.
std::string statistics_json(const Statistics& statistics);

}  // namespace naudit::ctl
