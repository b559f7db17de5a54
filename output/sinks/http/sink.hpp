// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <memory>

#include "config/config.hpp"
#include "output/sink.hpp"
#include "output/sinks/net/network.hpp"

namespace naudit::output {

// Events by POST, many a request (application/x-ndjson) or one (application/json), one request at a time over a kept
// connection. An event is delivered when a 2xx has come for it: at least once. Which replies are retried and which are
// final says retry.hpp. The options have passed their check. Throws base::Error: TLS files,
// token. Main thread.
std::unique_ptr<Sink> make_https_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed);

}  // namespace naudit::output
