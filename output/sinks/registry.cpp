// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/registry.hpp"

#include <random>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "output/sinks/kinds.hpp"
#include "output/sinks/sink_name.hpp"
#include "output/sinks/spooled/sink.hpp"

namespace naudit::output {

#define NAUDIT_SINK(name, help) \
  std::unique_ptr<Sink> make_##name##_sink(const config::Sink&, Network&, SinkHost, std::uint64_t seed);
#include "output/sinks/sinks.inc"
#undef NAUDIT_SINK

namespace {

struct Row {
  std::string_view name;
  std::unique_ptr<Sink> (*make)(const config::Sink&, Network&, SinkHost, std::uint64_t seed);
};

constexpr Row kSinks[] = {
#define NAUDIT_SINK(name, help) {sink_name<#name>(), make_##name##_sink},
#include "output/sinks/sinks.inc"
#undef NAUDIT_SINK
};

}  // namespace

std::unique_ptr<Sink> make_sink(const config::Sink& sink, Network& network, SinkHost host) {
  const std::string whose = "sink '" + sink.name + "': ";
  for (const Row& row : kSinks) {
    if (row.name != sink.type) continue;
    kinds().sink(row.name)->options.check(sink.options, sink, [&](std::string_view key, const std::string& message) {
      throw base::Error(whose + std::string(key) + ": " + message);
    });
    const auto make = [&](SinkHost given) { return row.make(sink, network, std::move(given), std::random_device{}()); };
    if (sink.spool.enabled) return std::make_unique<SpooledSink>(sink, host, real_disk(), make);
    return make(std::move(host));
  }
  throw base::Error(whose + "unknown type");
}

}  // namespace naudit::output
