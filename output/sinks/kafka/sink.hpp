// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "config/config.hpp"
#include "output/sink.hpp"

namespace naudit::output {

class Network;

// Each event as a message to a topic of a Kafka cluster, through librdkafka, on a thread of the sink's own: delivered
// is what all replicas that are in step have (acks=all, idempotent).
//
// The options have passed their check. Throws base::Error: settings that librdkafka refuses, files; without Kafka in
// this build (NAUDIT_WITH_KAFKA) always. Main thread.
std::unique_ptr<Sink> make_kafka_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed);

// Opens the files and asks librdkafka for its settings, as make_kafka_sink() does, and makes nothing. Throws the same.
void check_kafka(const config::Sink& sink);

}  // namespace naudit::output
