// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tests/support/kafka_cluster.hpp"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <string_view>

namespace naudit::tests {
namespace {

constexpr const char* kTopic = "audit";
constexpr std::int16_t kProduce = 0, kInitProducerId = 22;  // API keys of the protocol

rd_kafka_t* make(rd_kafka_type_t type, std::initializer_list<std::pair<const char*, std::string>> settings) {
  std::array<char, 512> why{};
  rd_kafka_conf_t* const conf = rd_kafka_conf_new();
  rd_kafka_conf_set_log_cb(conf, [](const rd_kafka_t*, int, const char*, const char*) {});
  for (const auto& [name, value] : settings)
    if (rd_kafka_conf_set(conf, name, value.c_str(), why.data(), why.size()) != RD_KAFKA_CONF_OK)
      throw std::runtime_error(why.data());
  rd_kafka_t* const client = rd_kafka_new(type, conf, why.data(), why.size());
  if (client == nullptr) throw std::runtime_error(why.data());
  return client;
}

std::string text(const void* bytes, std::size_t size) {
  return {static_cast<const char*>(bytes), size};
}

KafkaCluster::Record record_of(const rd_kafka_message_t& message) {
  KafkaCluster::Record record;
  record.key = text(message.key, message.key_len);
  record.value = text(message.payload, message.len);
  record.millis = rd_kafka_message_timestamp(&message, nullptr);
  rd_kafka_headers_t* headers = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return record;
  if (rd_kafka_header_get_last(headers, "id", &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR)
    record.id = text(value, size);
  if (rd_kafka_header_get_last(headers, "schema", &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR)
    record.schema = text(value, size);
  return record;
}

void push(rd_kafka_mock_cluster_t* cluster, std::int16_t api, const std::vector<int>& codes) {
  std::vector<rd_kafka_resp_err_t> errors;
  for (const int code : codes) errors.push_back(static_cast<rd_kafka_resp_err_t>(code));
  rd_kafka_mock_push_request_errors_array(cluster, api, errors.size(), errors.data());
}

}  // namespace

KafkaCluster::KafkaCluster(int partitions)
    : partitions_(partitions), owner_(make(RD_KAFKA_PRODUCER, {})), cluster_(rd_kafka_mock_cluster_new(owner_, 1)) {
  rd_kafka_mock_topic_create(cluster_, kTopic, partitions, 1);
}

KafkaCluster::~KafkaCluster() {
  rd_kafka_mock_cluster_destroy(cluster_);
  rd_kafka_destroy(owner_);
}

std::string KafkaCluster::address() const {
  return rd_kafka_mock_cluster_bootstraps(cluster_);
}

void KafkaCluster::fail_produce(const std::vector<int>& codes) {
  push(cluster_, kProduce, codes);
}

void KafkaCluster::fail_producer_id(const std::vector<int>& codes) {
  push(cluster_, kInitProducerId, codes);
}

void KafkaCluster::set_down(bool down) {
  if (down)
    rd_kafka_mock_broker_set_down(cluster_, 1);
  else
    rd_kafka_mock_broker_set_up(cluster_, 1);
}

void KafkaCluster::set_delay(int milliseconds) {
  rd_kafka_mock_broker_set_rtt(cluster_, 1, milliseconds);
}

template <typename Done>
std::vector<KafkaCluster::Record> KafkaCluster::read_while(Done done) const {
  rd_kafka_t* const consumer = make(
      RD_KAFKA_CONSUMER, {{"bootstrap.servers", address()}, {"group.id", "test"}, {"enable.auto.commit", "false"}});
  rd_kafka_poll_set_consumer(consumer);
  rd_kafka_topic_partition_list_t* const list = rd_kafka_topic_partition_list_new(partitions_);
  for (int partition = 0; partition < partitions_; ++partition)
    rd_kafka_topic_partition_list_add(list, kTopic, partition)->offset = 0;
  rd_kafka_assign(consumer, list);
  rd_kafka_topic_partition_list_destroy(list);
  std::vector<Record> records;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (!done(records) && std::chrono::steady_clock::now() < deadline) {
    rd_kafka_message_t* const message = rd_kafka_consumer_poll(consumer, 100);
    if (message == nullptr) continue;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) records.push_back(record_of(*message));
    rd_kafka_message_destroy(message);
  }
  rd_kafka_consumer_close(consumer);
  rd_kafka_destroy(consumer);
  return records;
}

std::vector<KafkaCluster::Record> KafkaCluster::read(std::size_t count) const {
  return read_while([count](const auto& records) { return records.size() >= count; });
}

std::vector<KafkaCluster::Record> KafkaCluster::read_all_of(std::set<std::string> values) const {
  return read_while([&](const auto& records) {
    if (!records.empty()) values.erase(records.back().value);
    return values.empty();
  });
}

std::vector<KafkaCluster::Record> KafkaCluster::read_until(const std::string& value) const {
  return read_while([&](const auto& records) { return !records.empty() && records.back().value == value; });
}

}  // namespace naudit::tests
