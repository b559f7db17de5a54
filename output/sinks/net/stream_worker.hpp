// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "output/sink.hpp"
#include "output/sinks/net/network.hpp"
#include "output/sinks/net/stream_options.hpp"

namespace naudit::output {

// Appends a batch as the protocol has it. How many messages it had to cut.
using Frame = std::function<std::size_t(const Batch& batch, std::string& out)>;

// Events, one after the other, over one TCP, TLS or unix connection. When it breaks, another one is made; there is no
// last attempt. Of several hosts the next is tried at once, and only after all of them the sink waits.
//
// At least once as far as TCP can say: a batch is kept until the peer's kernel has acknowledged its bytes and the
// connection is a second old (a proxy without its server, or a server that refuses our certificate late, takes data and
// then hangs up). What the peer's kernel had and its program never read is lost: TCP has no answer that tells.
// With `is_answered` the peer says how many events it has accepted (output/sinks/accepted_count.hpp), and its word
// alone counts: nothing is lost between its kernel and its program. `frame`: empty: the bytes of a batch as they are.
// The options have passed their check. Throws base::Error: TLS files. Main thread.
std::unique_ptr<Sink> make_stream_sink(const config::Sink& sink, const HostOptions& options,
                                       const std::vector<Endpoint>& endpoints, Frame frame, Network& network,
                                       SinkHost host, std::uint64_t seed, bool is_answered = false);

}  // namespace naudit::output
