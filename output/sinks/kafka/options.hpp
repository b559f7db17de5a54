// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "output/sinks/net/options.hpp"

namespace naudit::output {

enum class KafkaCompression : std::uint8_t { kNone, kGzip, kSnappy, kLz4, kZstd };
enum class KafkaMechanism : std::uint8_t { kNone, kPlain, kScramSha256, kScramSha512 };

// `sasl:`.
struct KafkaSasl {
  KafkaMechanism mechanism = KafkaMechanism::kNone;
  std::string user;
  std::string password_file;
  friend bool operator==(const KafkaSasl&, const KafkaSasl&) = default;
};

// What a sink of `type: kafka` may choose. Of `tls:` it has what librdkafka can do.
struct KafkaOptions : NetOptions {
  std::vector<std::string> brokers;  // "host:port" or "host"
  std::string topic;
  KafkaCompression compression = KafkaCompression::kZstd;
  config::Milliseconds linger{50};
  KafkaSasl sasl;
  config::TextMap properties;  // of librdkafka, beside those that the sink sets itself
  friend bool operator==(const KafkaOptions&, const KafkaOptions&) = default;
};

using KafkaSettings = std::vector<std::pair<std::string, std::string>>;
// The same as librdkafka's properties, without the password, in an order in which they can be set; those of
// `properties:` last. Pure.
KafkaSettings kafka_settings(const KafkaOptions& options, std::uint64_t queue_size);

config::OptionTable kafka_options();
std::vector<std::string> kafka_warnings(const config::Sink& sink, bool look_at_disk);

}  // namespace naudit::output
