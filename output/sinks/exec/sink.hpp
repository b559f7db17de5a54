// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "config/config.hpp"
#include "output/sink.hpp"
#include "output/sinks/exec/worker.hpp"
#include "output/sinks/own_thread.hpp"

namespace naudit::output {

class Network;

// Feeds events to a command, on a thread of its own (worker.hpp).
class ExecSink final : public Sink {
 public:
  ExecSink(const config::Sink& sink, SinkHost host, std::uint64_t seed);
  ~ExecSink() override;

  void push(BatchPtr batch) override;
  void end_blocking() override;
  void let_pass(bool pass) override;
  void end_by(std::chrono::steady_clock::time_point deadline) override;
  void stop(std::chrono::milliseconds at_most) override;
  [[nodiscard]] SinkStatus status() const override;
  [[nodiscard]] Losses untold() const override;
  void carry(const Losses& losses) override;

 private:
  std::shared_ptr<ExecWorker> worker_;
  OwnThread thread_;
  std::chrono::steady_clock::time_point end_by_ = std::chrono::steady_clock::time_point::max();
};

// The options have passed their check. Throws base::Error: somebody else can change the program. Main thread.
std::unique_ptr<Sink> make_exec_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed);

}  // namespace naudit::output
