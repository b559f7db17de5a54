// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <memory>

#include "config/config.hpp"
#include "output/sink.hpp"
#include "output/sinks/net/network.hpp"

namespace naudit::output {

// Records to an auditd that listens (`tcp_listen_port`), in place of audisp-remote: each line of an event is a message.
// Managed: delivered is what auditd has answered, in its log but for its own buffers; what it has not, or could not
// store, is sent again, in order. Ascii: as a sink of type tcp.
//
// The options have passed their check. Throws base::Error: TLS files. Main thread.
std::unique_ptr<Sink> make_auditd_remote_sink(const config::Sink& sink, Network& network, SinkHost host,
                                              std::uint64_t seed);

}  // namespace naudit::output
