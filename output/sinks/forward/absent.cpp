// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// In place of the rest of this folder in a build without MessagePack: the options are known, the sink is not.

#include "base/error.hpp"
#include "output/sinks/forward/sink.hpp"

namespace naudit::output {

void check_forward(const config::Sink& sink) {
  throw base::Error("sink '" + sink.name + "': type: this nauditd was built without it (NAUDIT_WITH_FORWARD=OFF)");
}

std::unique_ptr<Sink> make_forward_sink(const config::Sink& sink, Network&, SinkHost, std::uint64_t) {
  check_forward(sink);
  return nullptr;
}

}  // namespace naudit::output
