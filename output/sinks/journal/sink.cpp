// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/journal/sink.hpp"

#include <utility>

#include "output/sinks/journal/options.hpp"
#include "output/sinks/net/datagram_worker.hpp"

namespace naudit::output {

std::unique_ptr<Sink> make_journal_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed) {
  DatagramOptions options;
  options.endpoints = {{.host = sink.options.as<JournalOptions>().path, .port = 0}};
  options.retry = {std::chrono::milliseconds{250}, std::chrono::milliseconds{5000}};
  options.unit = Message::kEvent;
  options.in_files = true;
  return make_datagram_sink(sink, std::move(options), network, std::move(host), seed);
}

}  // namespace naudit::output
