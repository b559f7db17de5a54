// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/control/tail_sink.hpp"

#include <algorithm>
#include <utility>

#include "formats/registry.hpp"

namespace naudit::daemon {
namespace {

// A piece is written as a whole before the next is taken: small enough that a slow reader gets its notice in time.
constexpr std::size_t kPieceBytes = std::size_t{256} * 1024;

}  // namespace

std::string left_out_notice(std::string_view format, const output::Loss& loss) {
  return formats::find_format(format)->left_out({loss.events, loss.first_id, loss.last_id});
}

TailSink::TailSink(Options options, std::function<void()> wake)
    : options_(std::move(options)),
      queue_(config::Queue{.size = options_.most_bytes, .when_full = config::WhenFull::kDropOldest}),
      wake_(std::move(wake)) {
  queue_.on_wake([this] { on_wake(); });
}

// The queue calls this outside its own lock, so end() may run at the same time; behind its end the loop that `wake`
// posts to may be gone.
void TailSink::on_wake() {
  const std::lock_guard lock(mutex_);
  if (wake_) wake_();
}

void TailSink::end() {
  has_ended_ = true;
  {
    const std::lock_guard lock(mutex_);
    wake_ = nullptr;
  }
  queue_.finish("the reader is gone");
}

bool TailSink::take(TailPiece& piece) {
  piece = {};
  if (has_ended_) return false;
  // Before the rest: what was dropped is older than what is still there.
  const output::Losses losses = queue_.take_loss();
  const bool has_batches = queue_.take(kPieceBytes, piece.batches);
  if (!has_batches && losses.empty()) return false;
  for (const output::Loss& loss : losses.list()) piece.notice += left_out_notice(options_.format, loss);
  if (!piece.notice.empty()) piece.bytes.emplace_back(piece.notice);
  for (const output::BatchPtr& batch : piece.batches) add(piece, *batch);
  taken_ += piece.events;
  piece.is_last = options_.count != 0 && taken_ == options_.count;
  return true;
}

void TailSink::add(TailPiece& piece, const output::Batch& batch) {
  std::uint64_t events = batch.events();
  if (options_.count != 0) events = std::min(events, options_.count - taken_ - piece.events);
  if (events == 0) return;
  piece.events += events;
  piece.bytes.push_back(std::string_view(batch.bytes).substr(0, batch.ends[events - 1]));
}

void TailSink::written(const TailPiece& piece) {
  std::size_t held = 0;
  std::size_t bytes = 0;
  for (const output::BatchPtr& batch : piece.batches) held += batch->bytes.size();
  for (const std::string_view part : piece.bytes) bytes += part.size();
  queue_.release(held);
  events_out_.fetch_add(piece.events, std::memory_order_relaxed);
  bytes_out_.fetch_add(bytes, std::memory_order_relaxed);
}

output::SinkStatus TailSink::status() const {
  output::SinkStatus status;
  static_cast<output::QueueStatus&>(status) = queue_.status();
  status.name = "tail";
  status.type = "tail";
  status.format = options_.format;
  status.state = "ok";
  status.events_out = events_out_.load(std::memory_order_relaxed);
  status.bytes_out = bytes_out_.load(std::memory_order_relaxed);
  return status;
}

}  // namespace naudit::daemon
