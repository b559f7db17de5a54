// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "config/config.hpp"
#include "config/kinds.hpp"
#include "output/backoff.hpp"
#include "output/sink.hpp"
#include "output/sinks/sink_core.hpp"

namespace naudit::output {

class Network;

// Writes events to standard output, on a thread of its own: for containers, whose runtime collects it, and for trials.
//
// A reader that is slow or stopped holds up this sink only; events wait in its queue. It writes no more at a time than
// a pipe takes at once (PIPE_BUF), and only after poll(2) has said that there is room, so that a stop never hangs. An
// event in hand is written whole however often the write has to be tried again; only a stop may leave a torn line.
// Nothing is closed: the descriptor is the process's.
class StdoutSink final : public Sink {
 public:
  explicit StdoutSink(const config::Sink& sink, OnSinkLoss on_loss, std::uint64_t seed, int fd = STDOUT_FILENO);
  ~StdoutSink() override;

  void push(BatchPtr batch) override;
  void stop(std::chrono::milliseconds at_most) override;
  [[nodiscard]] SinkStatus status() const override;

 private:
  using Clock = SinkCore::Clock;

  void run();
  bool fetch();
  void write_some(Clock::time_point now);
  void fail(int code, Clock::time_point now);
  void end();

  SinkCore core_;
  const int fd_;
  Backoff backoff_;
  std::atomic<Clock::rep> stop_at_{Clock::time_point::max().time_since_epoch().count()};

  // The thread's own.
  std::vector<BatchPtr> taken_;
  BatchPtr batch_;           // in hand; null: none
  std::size_t written_ = 0;  // bytes of it
  Clock::time_point retry_at_ = Clock::time_point::min();
  Clock::time_point busy_since_{};  // epoch: the reader takes what comes

  std::thread thread_;  // last: it uses all of the above
};

// For the registry: it has nothing to choose.
config::OptionTable stdout_options();
std::unique_ptr<Sink> make_stdout_sink(const config::Sink& sink, Network& network, OnSinkLoss on_loss,
                                       std::uint64_t seed);

}  // namespace naudit::output
