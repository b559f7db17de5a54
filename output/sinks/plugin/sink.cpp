// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sink.hpp"

#include <cstdint>
#include <memory>
#include <utility>

#include "config/config.hpp"
#include "output/sinks/plugin/options.hpp"
#include "output/sinks/program/sink.hpp"

namespace naudit::output {

class Network;

// sinks.inc. What is wrong with the program is no error: it may be put right, so it is looked at before each start.
std::unique_ptr<Sink> make_plugin_sink(const config::Sink& sink, Network& /*network*/, SinkHost host,
                                       std::uint64_t seed) {
  const auto& options = sink.options.as<PluginOptions>();
  ProgramContract contract{.command = options.command,
                           .surroundings = Surroundings::kAudispd,
                           .retry = options.retry,
                           .grace = options.grace,
                           .kill_after = options.kill_after,
                           .max_restarts = options.max_restarts,
                           .forgiven_after = options.forgiven_after,
                           .is_told_of_reloads = true,
                           .refusal = [path = options.command.front()] { return program_refusal(path); }};
  return std::make_unique<ProgramSink>(sink, std::move(contract),
                                       options.confined ? ProgramRights::kConfined : ProgramRights::kAll,
                                       "naudit-plugin", std::move(host), seed);
}

}  // namespace naudit::output
