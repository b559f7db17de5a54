// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "config/config.hpp"
#include "output/sink.hpp"
#include "output/sinks/own_thread.hpp"
#include "output/sinks/program/contract.hpp"
#include "output/sinks/program/worker.hpp"

namespace naudit::output {

// With whose rights the program runs: with those that nauditd has left itself, or with those it had at its start, where
// the host keeps them (SinkHost::start_thread).
enum class ProgramRights : std::uint8_t { kConfined, kAll };

// Feeds events to a program, on a thread of its own (worker.hpp).
class ProgramSink final : public Sink {
 public:
  // `thread`: its name, at most 15 characters.
  ProgramSink(const config::Sink& sink, ProgramContract contract, ProgramRights rights, const char* thread,
              SinkHost host, std::uint64_t seed);
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
