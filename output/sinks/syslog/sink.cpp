// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/syslog/sink.hpp"

#include <string>
#include <utility>

#include "output/sinks/net/datagram_worker.hpp"
#include "output/sinks/net/stream_worker.hpp"
#include "output/sinks/syslog/options.hpp"

namespace naudit::output {
namespace {

constexpr std::size_t kMostUdp = 65507;  // what a datagram of IPv4 holds (RFC 768, RFC 791)

Frame frame_of(const SyslogOptions& options) {
  const std::size_t most = options.max_size;
  if (options.framing == Framing::kOctetCounted)
    return [most](const Batch& batch, std::string& out) { return append_counted(batch, Message::kLine, most, out); };
  if (most == 0) return {};
  return [most](const Batch& batch, std::string& out) { return append_lines(batch, most, out); };
}

}  // namespace

std::unique_ptr<Sink> make_syslog_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed) {
  const auto& options = sink.options.as<SyslogOptions>();
  const bool is_local =
      options.transport == SyslogTransport::kUnix || options.transport == SyslogTransport::kUnixStream;
  const std::vector<Endpoint> endpoints =
      is_local ? std::vector<Endpoint>{{.host = options.path, .port = 0}} : endpoints_of(options);
  if (options.transport == SyslogTransport::kTcp || options.transport == SyslogTransport::kUnixStream)
    return make_stream_sink(sink, options, endpoints, frame_of(options), network, std::move(host), seed);
  std::size_t most = options.max_size;
  if (options.transport == SyslogTransport::kUdp && (most == 0 || most > kMostUdp)) most = kMostUdp;
  DatagramOptions datagrams{.endpoints = endpoints, .hosts = options.hosts, .retry = options.retry, .most = most};
  return make_datagram_sink(sink, std::move(datagrams), network, std::move(host), seed);
}

}  // namespace naudit::output
