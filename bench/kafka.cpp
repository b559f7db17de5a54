// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
//
// Something to send Kafka's protocol to: librdkafka's mock cluster, one broker in this process on loopback, which
// acknowledges and keeps the newest few megabytes. Prints its address; ends with its standard input.

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <array>
#include <cstdio>

int main() {
  std::array<char, 512> why{};
  rd_kafka_conf_t* const conf = rd_kafka_conf_new();
  rd_kafka_conf_set_log_cb(conf, [](const rd_kafka_t*, int, const char*, const char*) {});
  rd_kafka_t* const owner = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why.data(), why.size());
  if (owner == nullptr) {
    std::fprintf(stderr, "bench-kafka: %s\n", why.data());
    return 1;
  }
  rd_kafka_mock_cluster_t* const cluster = rd_kafka_mock_cluster_new(owner, 1);
  rd_kafka_mock_topic_create(cluster, "audit", 4, 1);
  std::printf("%s\n", rd_kafka_mock_cluster_bootstraps(cluster));
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  rd_kafka_mock_cluster_destroy(cluster);
  rd_kafka_destroy(owner);
  return 0;
}
