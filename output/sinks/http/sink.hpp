// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <memory>

#include "config/config.hpp"
#include "output/sink.hpp"
#include "output/sinks/http/product.hpp"
#include "output/sinks/net/network.hpp"

namespace naudit::output {

// A sink whose options are HttpOptions: events by POST, as the product wants them, over kept connections. An event is
// delivered when its fate says so: at least once. The options have passed their check. Throws base::Error: TLS files,
// secrets. Main thread.
std::unique_ptr<Sink> make_http_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed,
                                     std::unique_ptr<HttpProduct> product);

std::unique_ptr<Sink> make_https_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed);

}  // namespace naudit::output
