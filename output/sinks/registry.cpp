// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/registry.hpp"

#include <random>
#include <utility>

#include "base/error.hpp"
#include "output/sinks/file/sink.hpp"
#include "output/sinks/http/sink.hpp"
#include "output/sinks/tcp/sink.hpp"

namespace naudit::output {

std::unique_ptr<Sink> make_sink(const config::Sink& sink, Network& network, OnSinkLoss on_loss) {
  const std::uint64_t seed = std::random_device{}();
  switch (sink.type) {
    case config::SinkType::kFile:
      if (sink.path.empty()) throw base::Error("sink '" + sink.name + "': path is missing; name the file to write");
      return std::make_unique<FileSink>(sink, std::move(on_loss), seed);
    case config::SinkType::kTcp:
      return make_tcp_sink(sink, network, std::move(on_loss), seed);
    case config::SinkType::kHttps:
      return make_https_sink(sink, network, std::move(on_loss), seed);
  }
  throw base::Error("sink '" + sink.name + "': unknown type");
}

}  // namespace naudit::output
