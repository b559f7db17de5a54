// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace naudit::ctl {

// "[#####.....]  50 %  132.5 of 265.0 MB  310 MB/s  0:01 left"; without a size what is known. At most `width` columns.
// Pure.
std::string progress_text(std::uint64_t done, std::uint64_t size, std::chrono::duration<double> elapsed,
                          std::size_t width);

// A line on standard error that shows how far the work is, a few times a second; nothing where that is no terminal.
// Owner: Conversion; the reading thread.
class Progress {
 public:
  // `size`: bytes of all inputs, 0 if it is not known.
  explicit Progress(std::uint64_t size);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { clear(); }

  void show(std::uint64_t done);
  // Takes the line away, so that something else can be said.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;

  std::uint64_t size_;
  bool is_terminal_;
  bool is_shown_ = false;
  Clock::time_point start_;
  Clock::time_point next_;
};

}  // namespace naudit::ctl
