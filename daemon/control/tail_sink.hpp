// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "output/batch.hpp"
#include "output/queue.hpp"
#include "output/sink.hpp"

namespace naudit::daemon {

// What `tail` has to write next. Filled by TailSink::take(); the views point into its other members.
struct TailPiece {
  std::vector<std::string_view> bytes;
  std::uint64_t events = 0;
  bool is_last = false;  // the number of events that was asked for is reached

  std::string notice;  // of events that were left out
  std::vector<output::BatchPtr> batches;
};

// The sink behind `nauditctl tail`: a bounded queue between the encode thread and one session of the control socket.
// Terminals are slow; the oldest events go first when the queue is full, and the reader is told how many.
//
// Owner: shared by its session and the router, either may go first. push() is for the encode thread and waits for
// nobody; take(), written() and end() are for the main thread.
class TailSink final : public output::Sink {
 public:
  struct Options {
    std::string format;
    std::uint64_t most_bytes = config::kMiB;
    std::uint64_t count = 0;  // ends after so many events; 0 = never
  };

  // `wake` is called on the encode thread when there is something after take() found nothing. It must only post, and
  // is never called once end() has returned.
  TailSink(Options options, std::function<void()> wake);

  // False, and the wake-up armed, if there is nothing.
  bool take(TailPiece& piece);
  // The piece is out.
  void written(const TailPiece& piece);
  void end();

  void push(output::BatchPtr batch) override { queue_.push(std::move(batch)); }
  // There is nobody to wait for: what the reader has not taken by now is dropped.
  void stop(std::chrono::milliseconds /*at_most*/) override { end(); }
  [[nodiscard]] output::SinkStatus status() const override;

 private:
  void on_wake();
  void add(TailPiece& piece, const output::Batch& batch);

  const Options options_;
  output::Queue queue_;
  std::mutex mutex_;  // of wake_
  std::function<void()> wake_;
  bool has_ended_ = false;
  std::uint64_t taken_ = 0;
  std::atomic<std::uint64_t> events_out_{0};
  std::atomic<std::uint64_t> bytes_out_{0};
};

// How a stream of this format says that events are missing; ends with a newline. Pure.
std::string left_out_notice(std::string_view format, const output::Loss& loss);

}  // namespace naudit::daemon
