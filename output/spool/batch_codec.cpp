// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/spool/batch_codec.hpp"

#include <zstd.h>

namespace naudit::output {
namespace {

constexpr std::size_t kBlockNumbers = 3 * sizeof(std::uint32_t);  // raw size, events, those with priority
constexpr std::size_t kMarkNumbers = 2 * sizeof(std::uint32_t);
constexpr std::uint32_t kPriorityBit = 1U << 31U;
// The fastest of its usual levels: the records of an audit log are so alike that higher ones gain little.
constexpr int kLevel = 1;

// Reads the two ids off the front; false if they are not there.
bool take_ids(std::string_view& bytes, FrameContent& content) {
  const auto first = take_text(bytes);
  const auto last = first ? take_text(bytes) : std::nullopt;
  if (!last) return false;
  content.first_id = *first;
  content.last_id = *last;
  return true;
}

}  // namespace

struct BatchCodec::Contexts {
  std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> pack{ZSTD_createCCtx(), ZSTD_freeCCtx};
  std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> unpack{ZSTD_createDCtx(), ZSTD_freeDCtx};
};

BatchCodec::BatchCodec(bool compress) : compress_(compress), contexts_(std::make_unique<Contexts>()) {}
BatchCodec::~BatchCodec() = default;

void append_event(Batch& batch, std::string_view event, bool priority) {
  if (priority) batch.priority.push_back(static_cast<std::uint32_t>(batch.events()));
  batch.bytes += event;
  batch.ends.push_back(static_cast<std::uint32_t>(batch.bytes.size()));
}

std::optional<FrameContent> content_of(const Frame& frame) {
  FrameContent content;
  std::string_view rest = frame.payload;
  switch (frame.kind) {
    case FrameKind::kEvent:
      content.events = 1;
      content.priority_events = frame.priority ? 1 : 0;
      return content;
    case FrameKind::kMark:
      if (rest.size() < kMarkNumbers) return std::nullopt;
      rest.remove_prefix(kMarkNumbers);
      if (!take_ids(rest, content)) return std::nullopt;
      return content;
    case FrameKind::kBlock:
      if (rest.size() < kBlockNumbers) return std::nullopt;
      content.events = u32_at(rest, 4);
      content.priority_events = u32_at(rest, 8);
      rest.remove_prefix(kBlockNumbers);
      if (content.events == 0 || content.priority_events > content.events || !take_ids(rest, content))
        return std::nullopt;
      return content;
  }
  return std::nullopt;
}

void BatchCodec::encode(const Batch& batch, std::uint64_t first_sequence, std::string& out) {
  const auto events = static_cast<std::uint32_t>(batch.events());
  const auto priority_events = static_cast<std::uint32_t>(batch.priority.size());
  const std::size_t raw_size = batch.bytes.size() + batch.events() * sizeof(std::uint32_t);
  auto next_priority = batch.priority.begin();
  const auto has_priority = [&batch, &next_priority](std::size_t index) {
    const bool has = next_priority != batch.priority.end() && *next_priority == index;
    if (has) ++next_priority;
    return has;
  };
  if (compress_ && batch.bytes.size() >= kLeastCompressed && raw_size <= kRawMost) {
    raw_.clear();
    for (std::size_t index = 0; index < batch.events(); ++index) {
      const std::string_view event = batch.event(index);
      append_u32(raw_, static_cast<std::uint32_t>(event.size()) | (has_priority(index) ? kPriorityBit : 0));
      raw_ += event;
    }
    packed_.clear();
    append_u32(packed_, static_cast<std::uint32_t>(raw_.size()));
    append_u32(packed_, events);
    append_u32(packed_, priority_events);
    append_text(packed_, batch.first_id);
    append_text(packed_, batch.last_id);
    const std::size_t head = packed_.size();
    packed_.resize(head + ZSTD_compressBound(raw_.size()));
    const std::size_t size = ZSTD_compressCCtx(contexts_->pack.get(), packed_.data() + head, packed_.size() - head,
                                               raw_.data(), raw_.size(), kLevel);
    if (ZSTD_isError(size) == 0 && head + size < raw_.size()) {
      packed_.resize(head + size);
      return append_frame({FrameKind::kBlock, false, first_sequence, packed_}, out);
    }
    next_priority = batch.priority.begin();
  }
  packed_.clear();
  append_u32(packed_, events);
  append_u32(packed_, priority_events);
  append_text(packed_, batch.first_id);
  append_text(packed_, batch.last_id);
  append_frame({FrameKind::kMark, false, first_sequence, packed_}, out);
  for (std::size_t index = 0; index < batch.events(); ++index)
    append_frame({FrameKind::kEvent, has_priority(index), first_sequence + index, batch.event(index)}, out);
}

bool BatchCodec::decode(const Frame& block, std::uint64_t from, Batch& out) {
  const auto content = content_of(block);
  if (!content || block.kind != FrameKind::kBlock) return false;
  const std::size_t raw_size = u32_at(block.payload, 0);
  if (raw_size > kRawMost) return false;
  const std::size_t head = kBlockNumbers + 2 + content->first_id.size() + content->last_id.size();
  raw_.resize(raw_size);
  const std::size_t size = ZSTD_decompressDCtx(contexts_->unpack.get(), raw_.data(), raw_.size(),
                                               block.payload.data() + head, block.payload.size() - head);
  if (ZSTD_isError(size) != 0 || size != raw_size) return false;
  const std::size_t bytes_before = out.bytes.size(), events_before = out.events();
  const std::size_t priority_before = out.priority.size();
  std::string_view rest = raw_;
  std::uint64_t sequence = block.sequence;
  for (std::uint32_t left = content->events; left > 0; --left, ++sequence) {
    const std::uint32_t word = rest.size() < sizeof(std::uint32_t) ? 0 : u32_at(rest, 0);
    const std::size_t length = word & ~kPriorityBit;
    if (rest.size() < sizeof word || length > rest.size() - sizeof word) break;
    if (sequence >= from) append_event(out, rest.substr(sizeof word, length), (word & kPriorityBit) != 0);
    rest.remove_prefix(sizeof word + length);
  }
  if (rest.empty() && sequence == block.sequence + content->events) return true;
  out.bytes.resize(bytes_before);
  out.ends.resize(events_before);
  out.priority.resize(priority_before);
  return false;
}

}  // namespace naudit::output
