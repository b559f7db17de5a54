// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sink.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

#include "config/config.hpp"
#include "output/sinks/exec/options.hpp"
#include "output/sinks/program/sink.hpp"

namespace naudit::output {

class Network;

// sinks.inc. Throws base::Error: somebody else can change the program.
std::unique_ptr<Sink> make_exec_sink(const config::Sink& sink, Network& /*network*/, SinkHost host,
                                     std::uint64_t seed) {
  check_program(sink);
  const auto& options = sink.options.as<ExecOptions>();
  ProgramContract contract{.command = options.command,
                           .retry = options.retry,
                           .grace = options.grace,
                           .kill_after = std::chrono::milliseconds{500}};
  return std::make_unique<ProgramSink>(sink, std::move(contract), ProgramRights::kConfined, "naudit-exec",
                                       std::move(host), seed);
}

}  // namespace naudit::output
