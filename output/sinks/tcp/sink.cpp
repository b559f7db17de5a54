// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/tcp/sink.hpp"

#include <string>
#include <utility>

#include "formats/registry.hpp"
#include "output/sinks/net/stream_worker.hpp"
#include "output/sinks/tcp/options.hpp"

namespace naudit::output {
std::unique_ptr<Sink> make_tcp_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed) {
  const auto& options = sink.options.as<TcpOptions>();
  Frame frame;
  if (options.framing == Framing::kOctetCounted)
    frame = [what = formats::is_binary_format(sink.format) ? Message::kBytes : Message::kEvent](
                const Batch& batch, std::string& out) { return append_counted(batch, what, 0, out); };
  return make_stream_sink(sink, options, endpoints_of(options), std::move(frame), network, std::move(host), seed,
                          options.ack);
}

}  // namespace naudit::output
