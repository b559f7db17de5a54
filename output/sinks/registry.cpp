// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/registry.hpp"

#include <random>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "formats/registry.hpp"
#include "output/sinks/file/options.hpp"
#include "output/sinks/file/sink.hpp"
#include "output/sinks/http/options.hpp"
#include "output/sinks/http/sink.hpp"
#include "output/sinks/null/sink.hpp"
#include "output/sinks/stdout/sink.hpp"
#include "output/sinks/tcp/options.hpp"
#include "output/sinks/tcp/sink.hpp"

namespace naudit::output {
namespace {

// One row a type of sink: its folder has its options, and what it does with them.
struct Row {
  std::string_view name;
  std::string_view help;
  config::OptionTable (*options)();
  std::unique_ptr<Sink> (*make)(const config::Sink&, Network&, OnSinkLoss, std::uint64_t seed);
};

constexpr Row kSinks[] = {
    {"file", "A file, with rotation.", file_options, make_file_sink},
    {"tcp", "One line an event, over a plain or TLS connection.", tcp_options, make_tcp_sink},
    {"https",
     "POST requests; status 2xx is success, 408, 429 and 5xx are tried again, anything else is a loss that is counted "
     "and told.",
     http_options, make_https_sink},
    {"null", "Counts events and forgets them: for trials and benchmarks. In quotes: `type: \"null\"`.", null_options,
     make_null_sink},
    {"stdout", "Standard output, for containers and trials.", stdout_options, make_stdout_sink},
};

constexpr std::string_view kDefaultSinks = "[{name: log, type: file, path: /var/log/naudit/events.json}]";

}  // namespace

const config::Kinds& kinds() {
  static const config::Kinds kKinds = [] {
    config::Kinds kinds{{}, formats::format_kinds(), kDefaultSinks};
    for (const Row& row : kSinks) kinds.sinks.push_back({row.name, row.help, row.options()});
    return kinds;
  }();
  return kKinds;
}

std::unique_ptr<Sink> make_sink(const config::Sink& sink, Network& network, OnSinkLoss on_loss) {
  const std::string whose = "sink '" + sink.name + "': ";
  for (const Row& row : kSinks) {
    if (row.name != sink.type) continue;
    kinds().sink(row.name)->options.check(sink.options, sink, [&](std::string_view key, const std::string& message) {
      throw base::Error(whose + std::string(key) + ": " + message);
    });
    return row.make(sink, network, std::move(on_loss), std::random_device{}());
  }
  throw base::Error(whose + "unknown type");
}

}  // namespace naudit::output
