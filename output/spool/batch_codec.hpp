// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "output/batch.hpp"
#include "output/spool/format.hpp"

namespace naudit::output {

// What a frame holds, without its events.
struct FrameContent {
  std::uint32_t events = 0;
  std::uint32_t priority_events = 0;
  std::string_view first_id, last_id;  // into the frame; empty: not known
};
// Nothing if the payload is none of the frame's kind.
std::optional<FrameContent> content_of(const Frame& frame);

// Batches to frames, and back. A batch that is worth it becomes one block, compressed by zstd; its events have no CRC
// of their own there, the block has. Else each event is a frame, behind a mark with the batch's ids.
//
// Keeps zstd's contexts and its buffers; one thread.
class BatchCodec {
 public:
  static constexpr std::size_t kLeastCompressed = 1024;  // of a batch
  static constexpr std::size_t kRawMost = kFrameMost;    // of a block

  explicit BatchCodec(bool compress);
  BatchCodec(const BatchCodec&) = delete;
  BatchCodec& operator=(const BatchCodec&) = delete;
  ~BatchCodec();

  // Appends the frames of the batch, whose first event gets this sequence. No event is larger than kFrameMost.
  void encode(const Batch& batch, std::uint64_t first_sequence, std::string& out);
  // Appends the block's events from this sequence on. False: it is not what a block is, and `out` is as it was.
  bool decode(const Frame& block, std::uint64_t from, Batch& out);

 private:
  struct Contexts;

  const bool compress_;
  const std::unique_ptr<Contexts> contexts_;
  std::string raw_, packed_;
};

// One more event for the batch.
void append_event(Batch& batch, std::string_view event, bool priority);

}  // namespace naudit::output
