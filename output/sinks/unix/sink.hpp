// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <memory>

#include "config/config.hpp"
#include "output/sink.hpp"
#include "output/sinks/net/network.hpp"

namespace naudit::output {

// Listens at a unix socket and gives every event to everybody who has connected: what auditd's plugin af_unix does for
// one reader, and without its queue that loses events in silence.
//
// An event counts as delivered when its bytes are in the socket of one reader at least, and no other one is waited for.
// A reader that is further behind than `reader_buffer`, while another one has everything, is cut off. Without a reader
// events stay in the queue; the next one begins with the oldest that nobody has got.
// The options have passed their check. Throws base::Error: no such group. Main thread.
std::unique_ptr<Sink> make_unix_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed);

}  // namespace naudit::output
