// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <memory>

#include "config/config.hpp"
#include "output/sink.hpp"
#include "output/sinks/net/network.hpp"

namespace naudit::output {

// Messages of syslog: the envelope (encoder.hpp) has made each line of the batches one, this sends them as datagrams
// (net/datagram_worker.hpp) or over one connection (net/stream_worker.hpp), where syslog has no acknowledgement either.
// The options have passed their check. Throws base::Error: TLS files. Main thread.
std::unique_ptr<Sink> make_syslog_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed);

}  // namespace naudit::output
