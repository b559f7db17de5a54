// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <memory>

#include "config/config.hpp"
#include "output/sink.hpp"
#include "output/sinks/net/network.hpp"

namespace naudit::output {

// Events in chunks over Fluentd's forward protocol, one chunk at a time: delivered is what the server has acknowledged
// with the chunk's id. A chunk that is not acknowledged is sent again, as it was, over the next connection.
//
// The options have passed their check. Throws base::Error: TLS files, secrets; without MessagePack in this build
// (NAUDIT_WITH_FORWARD) always. Main thread.
std::unique_ptr<Sink> make_forward_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed);

// Opens the files, as make_forward_sink() does, and makes nothing. Throws the same.
void check_forward(const config::Sink& sink);

}  // namespace naudit::output
