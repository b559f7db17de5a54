// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

typedef struct rd_kafka_s rd_kafka_t;                            // NOLINT: librdkafka's
typedef struct rd_kafka_mock_cluster_s rd_kafka_mock_cluster_t;  // NOLINT: librdkafka's

namespace naudit::tests {

// librdkafka's mock cluster, in the test's process: real brokers on loopback as far as the protocol goes, one topic
// "audit", and errors on request.
class KafkaCluster {
 public:
  explicit KafkaCluster(int partitions = 1);
  KafkaCluster(const KafkaCluster&) = delete;
  KafkaCluster& operator=(const KafkaCluster&) = delete;
  ~KafkaCluster();

  struct Record {
    std::string key, value, id, schema;
    long long millis = 0;
  };

  [[nodiscard]] std::string address() const;
  // What the next requests to produce, or for a producer's number, are answered with; codes of Kafka's protocol.
  void fail_produce(const std::vector<int>& codes);
  void fail_producer_id(const std::vector<int>& codes);
  void set_down(bool down);
  void set_delay(int milliseconds);
  // Reads the topic from its beginning until it has so many records, for at most half a minute.
  [[nodiscard]] std::vector<Record> read(std::size_t count) const;
  // Reads until each of these values has come, as often as it may.
  [[nodiscard]] std::vector<Record> read_all_of(std::set<std::string> values) const;
  // Reads until there is one with this value.
  [[nodiscard]] std::vector<Record> read_until(const std::string& value) const;

 private:
  template <typename Done>
  std::vector<Record> read_while(Done done) const;

  int partitions_;
  rd_kafka_t* owner_;
  rd_kafka_mock_cluster_t* cluster_;
};

}  // namespace naudit::tests
