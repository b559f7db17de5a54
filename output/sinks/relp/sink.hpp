// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <memory>

#include "config/config.hpp"
#include "output/sink.hpp"
#include "output/sinks/net/network.hpp"

namespace naudit::output {

// Each event as a syslog message over RELP, at most 128 of them unanswered: delivered is what the server has answered
// with 200. What is not answered when a connection ends is sent again, in order, over the next one.
//
// The options have passed their check. Throws base::Error: TLS files. Main thread.
std::unique_ptr<Sink> make_relp_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed);

}  // namespace naudit::output
