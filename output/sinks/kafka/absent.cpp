// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// In place of the rest of this folder in a build without librdkafka: the options are known, the sink is not.

#include "base/error.hpp"
#include "output/sinks/kafka/sink.hpp"

namespace naudit::output {

void check_kafka(const config::Sink& sink) {
  throw base::Error("sink '" + sink.name + "': type: this nauditd was built without Kafka (NAUDIT_WITH_KAFKA=OFF)");
}

std::unique_ptr<Sink> make_kafka_sink(const config::Sink& sink, Network&, SinkHost, std::uint64_t) {
  check_kafka(sink);
  return nullptr;
}

}  // namespace naudit::output
