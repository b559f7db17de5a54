// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "output/spool/disk.hpp"
#include "output/spool/format.hpp"

namespace naudit::output {

// Goes over the frames of a segment, and beyond what is damaged: behind a bad frame it looks for the next place where a
// whole frame begins, with a sequence that can follow. Reads ahead in pieces, so that a segment's size is no matter.
//
// One thread. The descriptor is the caller's.
class SegmentReader {
 public:
  enum class Found : std::uint8_t {
    kFrame,
    kEnd,         // `skipped` bytes before it hold no frame
    kUnreadable,  // errno of the read in `code`: nothing more comes
  };
  struct Item {
    Found found = Found::kEnd;
    Frame frame;              // its payload is valid until the next call
    std::uint64_t begin = 0;  // of the frame in the file; of kEnd where the last whole frame ends
    std::uint64_t end = 0;
    std::uint64_t skipped = 0;  // bytes before it that are no frame: damage
    int code = 0;
  };

  // From `begin`, where a frame with `expected` should be, to `end`.
  SegmentReader(Disk& disk, int fd, std::uint64_t begin, std::uint64_t end, std::uint64_t expected);

  Item next();
  // The next one's again.
  void back_to(const Item& item) noexcept;
  // More was written.
  void extend(std::uint64_t end) noexcept { end_ = end; }
  [[nodiscard]] std::uint64_t at() const noexcept { return at_; }
  [[nodiscard]] int fd() const noexcept { return fd_; }

 private:
  // The bytes at `offset`: so many, or what there is up to the end. False: they cannot be read.
  bool window(std::uint64_t offset, std::size_t size);
  [[nodiscard]] std::string_view bytes_at(std::uint64_t offset) const noexcept;
  FrameFound frame_at(std::uint64_t offset, Item& item);
  bool look_further(std::uint64_t from, Item& item);

  Disk& disk_;
  const int fd_;
  std::uint64_t at_, end_;
  std::uint64_t expected_;
  std::uint64_t effort_ = 0;  // bytes that were summed up in search of a frame
  std::string buffer_;
  std::uint64_t buffer_at_ = 0;
  int code_ = 0;
};

}  // namespace naudit::output
