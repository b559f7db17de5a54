// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>

#include "config/config.hpp"
#include "output/sink.hpp"
#include "output/sinks/own_thread.hpp"
#include "output/sinks/program/contract.hpp"
#include "output/sinks/program/worker.hpp"

namespace naudit::output {

// With whose rights the program runs: with those that nauditd has left itself, or with those it had at its start, where
// the host keeps them. Either way the host starts the thread (SinkHost::start_thread), if it cares to: nauditd's own
// threads may start no programs.
enum class ProgramRights : std::uint8_t { kConfined, kAll };

// What the host goes by: whether a thread of this name is for a program that runs with what nauditd has left itself.
bool is_confined_thread(std::string_view name);

// Feeds events to a program, on a thread of its own (worker.hpp).
class ProgramSink final : public Sink {
 public:
  ProgramSink(const config::Sink& sink, ProgramContract contract, ProgramRights rights, SinkHost host,
              std::uint64_t seed);
  ~ProgramSink() override;

  void push(BatchPtr batch) override;
  void end_blocking() override;
  void let_pass(bool pass) override;
  void end_by(std::chrono::steady_clock::time_point deadline) override;
  void stop(std::chrono::milliseconds at_most) override;
  void reload() override;
  [[nodiscard]] SinkStatus status() const override;
  [[nodiscard]] Losses untold() const override;
  void carry(const Losses& losses) override;

 private:
  const std::chrono::milliseconds
      grace_;  // beyond the time that a stop was given: for the signals that end the program
  std::shared_ptr<ProgramWorker> worker_;
  OwnThread thread_;
  std::chrono::steady_clock::time_point end_by_ = std::chrono::steady_clock::time_point::max();
};

}  // namespace naudit::output
