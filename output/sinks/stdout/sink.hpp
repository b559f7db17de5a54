// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/kinds.hpp"
#include "output/sink.hpp"
#include "output/sinks/own_thread.hpp"

namespace naudit::output {

class Network;
class StdoutWorker;

// Writes events to standard output, on a thread of its own: for containers, whose runtime collects it, and for trials.
//
// A reader that is slow or stopped holds up this sink only; events wait in its queue. It writes no more at a time than
// a pipe takes at once (PIPE_BUF), and only after poll(2) has said that there is room. A stop never hangs: a thread
// that a dead file or terminal holds is left behind. An event in hand is written whole however often the write has to
// be tried again; only a stop may leave a torn line. Nothing is closed: the descriptor is the process's.
class StdoutSink final : public Sink {
 public:
  explicit StdoutSink(const config::Sink& sink, SinkHost host, std::uint64_t seed, int fd = STDOUT_FILENO);
  ~StdoutSink() override;

  void push(BatchPtr batch) override;
  void end_blocking() override;
  void let_pass(bool pass) override;
  void end_by(std::chrono::steady_clock::time_point deadline) override;
  void stop(std::chrono::milliseconds at_most) override;
  [[nodiscard]] SinkStatus status() const override;
  [[nodiscard]] Losses untold() const override;
  void carry(const Losses& losses) override;

 private:
  std::shared_ptr<StdoutWorker> worker_;
  OwnThread thread_;
  std::chrono::steady_clock::time_point end_by_ = std::chrono::steady_clock::time_point::max();
};

// For the registry: it has nothing to choose.
config::OptionTable stdout_options();
std::vector<std::string> stdout_warnings(const config::Sink& sink, bool look_at_disk);
std::unique_ptr<Sink> make_stdout_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed);

}  // namespace naudit::output
