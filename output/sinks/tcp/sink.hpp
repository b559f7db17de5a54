// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <memory>

#include "config/config.hpp"
#include "output/sink.hpp"
#include "output/sinks/net/network.hpp"

namespace naudit::output {

// Events as they are, one after the other, over one TCP or TLS connection (net/stream_worker.hpp).
// The options have passed their check. Throws base::Error: TLS files. Main thread.
std::unique_ptr<Sink> make_tcp_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed);

}  // namespace naudit::output
