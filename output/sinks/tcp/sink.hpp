// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <memory>

#include "config/config.hpp"
#include "output/sink.hpp"
#include "output/sinks/net/network.hpp"

namespace naudit::output {

// Events as they are, one after the other, over one TCP or TLS connection. When it breaks, another one is made; there
// is no last attempt.
//
// At least once as far as TCP can say: a batch is kept until the peer's kernel has acknowledged its bytes and the
// connection is a second old (a proxy without its server, or a server that refuses our certificate late, takes data and
// then hangs up). What the peer's kernel had and its program never read is lost: TCP has no answer that tells.
// The options have passed their check. Throws base::Error: TLS files. Main thread.
std::unique_ptr<Sink> make_tcp_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed);

}  // namespace naudit::output
