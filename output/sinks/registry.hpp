// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <memory>

#include "config/config.hpp"
#include "output/sink.hpp"

namespace naudit::output {

class Network;

// A running sink for one entry of `sinks:`. `network` outlives it; what `host` holds is called on the sink's own
// thread.
// Main thread. Throws base::Error, which names the sink, the option, and what to do: what its table refuses, and files
// that cannot be read. A destination that is only not there yet (a directory, a server) is no error: the sink waits for
// it.
std::unique_ptr<Sink> make_sink(const config::Sink& sink, Network& network, SinkHost host);

}  // namespace naudit::output
