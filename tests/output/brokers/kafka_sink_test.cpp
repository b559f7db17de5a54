// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// The sink kafka against librdkafka's mock cluster.

#include <algorithm>
#include <array>
#include <atomic>
#include <set>
#include <thread>

#include "base/error.hpp"
#include "output/sinks/kafka/sink.hpp"
#include "output/sinks/net/network.hpp"
#include "output/sinks/sink_core.hpp"
#include "output/sinks/sink_files.hpp"
#include "tests/output/brokers/broker_support.hpp"
#include "tests/output/sink_support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/kafka_cluster.hpp"
#include "tests/support/loopback_server.hpp"

namespace naudit::output {
namespace {

using Catch::Matchers::Contains;
using tests::event_lines;
using tests::event_text;
using tests::KafkaCluster;
using tests::make_batch;
using tests::wait_for_state;
using namespace std::chrono_literals;

constexpr auto kLong = 60'000ms;
constexpr int kTooLarge = 10, kNotAuthorised = 29, kClusterNotAuthorised = 31, kRequestTimedOut = 7,
              kInvalidRecord = 87;

tests::KafkaConfig kafka_config(const std::string& address) {
  tests::KafkaConfig sink;
  sink.name = "kafka";
  sink.brokers = {address};
  sink.topic = "audit";
  sink.linger = 1ms;
  sink.retry = {5ms, 50ms};
  return sink;
}

struct Fixture {
  std::unique_ptr<Sink> sink() { return sink(kafka_config(cluster.address())); }
  std::unique_ptr<Sink> sink(const config::Sink& config) {
    return make_kafka_sink(config, network, losses.handler(), 1);
  }

  KafkaCluster cluster;
  Network network;
  tests::LossLog losses;
};

std::vector<std::string> values(const std::vector<KafkaCluster::Record>& records) {
  std::vector<std::string> values;
  for (const auto& record : records) values.push_back(record.value);
  return values;
}

std::vector<std::string> first_values(const std::vector<KafkaCluster::Record>& records) {
  return tests::without_repeats(values(records));
}

BatchPtr audit_batch() {
  return tests::batch_of(
      "{\"id\":\"1700000001.001:7\",\"time\":\"2023-11-14T22:13:21.001Z\",\"serial\":7,\"node\":\"web1\","
      "\"complete\":true}\n",
      "1700000001.001:7");
}

}  // namespace

TEST_CASE("over Kafka every event arrives once and in order") {
  Fixture f;
  const auto sink = f.sink();
  for (int first = 0; first < 5000; first += 10) sink->push(make_batch(first, 10));
  sink->stop(kLong);
  CHECK(values(f.cluster.read(5000)) == event_lines(0, 5000));
  const SinkStatus status = sink->status();
  CHECK(status.events_in == 5000);
  CHECK(status.events_out == 5000);
  CHECK(status.events_dropped == 0);
  CHECK(status.queue_bytes == 0);
  CHECK(status.retries == 0);
  CHECK(status.last_error.empty());
}

TEST_CASE("a message has the node as its key, the event's id and schema as headers, and its time") {
  Fixture f;
  const auto sink = f.sink();
  const BatchPtr batch = audit_batch();
  sink->push(batch);
  sink->push(make_batch(1, 1));
  sink->stop(kLong);
  const auto records = f.cluster.read(2);
  REQUIRE(records.size() == 2);
  CHECK(records[0].value + '\n' == batch->bytes);
  CHECK(records[0].key == "web1");
  CHECK(records[0].id == "1700000001.001:7");
  CHECK(records[0].schema == "nauditd/json");
  CHECK(records[0].millis == 1'700'000'001'001);
  CHECK_FALSE(records[1].key.empty());  // the machine's own name
}

TEST_CASE("events that no broker takes wait, and arrive in order when one does") {
  Fixture f;
  f.cluster.set_down(true);
  const auto sink = f.sink();
  for (int first = 0; first < 500; first += 10) sink->push(make_batch(first, 10));
  REQUIRE(wait_for_state(*sink, "disconnected"));
  CHECK(sink->status().events_out == 0);
  CHECK(sink->status().queue_bytes > 0);
  CHECK_FALSE(sink->status().last_error.empty());
  f.cluster.set_down(false);
  sink->stop(kLong);
  CHECK(sink->status().events_out == 500);
  CHECK(first_values(f.cluster.read_until(event_text(499))) == event_lines(0, 500));
}

TEST_CASE("a broker that goes away in the middle loses nothing and changes no order") {
  Fixture f;
  const auto sink = f.sink();
  for (int first = 0; first < 2000; first += 10) {
    if (first == 500) f.cluster.set_down(true);
    if (first == 1500) f.cluster.set_down(false);
    sink->push(make_batch(first, 10));
  }
  sink->stop(kLong);
  CHECK(sink->status().events_out == 2000);
  CHECK(sink->status().events_dropped == 0);
  CHECK(first_values(f.cluster.read_until(event_text(1999))) == event_lines(0, 2000));
}

TEST_CASE("a topic that is closed to us is told, and nothing is thrown away") {
  Fixture f;
  f.cluster.fail_produce({kNotAuthorised, kNotAuthorised, kNotAuthorised});
  const auto sink = f.sink();
  for (int first = 0; first < 100; first += 10) sink->push(make_batch(first, 10));
  sink->stop(kLong);
  CHECK(first_values(f.cluster.read_until(event_text(99))) == event_lines(0, 100));
  const SinkStatus status = sink->status();
  CHECK(status.events_out == 100);
  CHECK(status.events_dropped == 0);
  CHECK(status.retries >= 1);
  CHECK_THAT(status.last_error, Contains("authorization failed"));
}

TEST_CASE("a producer that is refused for good is made anew") {
  Fixture f;
  f.cluster.fail_producer_id({kClusterNotAuthorised});
  const auto sink = f.sink();
  sink->push(make_batch(0, 10));
  sink->stop(kLong);
  CHECK(values(f.cluster.read(10)) == event_lines(0, 10));
  CHECK(sink->status().events_out == 10);
  CHECK(sink->status().retries >= 1);
}

TEST_CASE("what passes by itself is tried again by librdkafka alone") {
  Fixture f;
  f.cluster.fail_produce({kRequestTimedOut, kRequestTimedOut});
  const auto sink = f.sink();
  sink->push(make_batch(0, 100));
  sink->stop(kLong);
  CHECK(first_values(f.cluster.read_until(event_text(99))) == event_lines(0, 100));
  CHECK(sink->status().events_dropped == 0);
}

TEST_CASE("a batch that is refused for its size is sent event by event, and none is lost") {
  Fixture f;
  f.cluster.fail_produce({kTooLarge});
  tests::KafkaConfig config = kafka_config(f.cluster.address());
  SECTION("each once and in order, where all of them are one request") {
    config.linger = 2s;
    const auto sink = f.sink(config);
    sink->push(make_batch(0, 200));
    sink->stop(kLong);
    CHECK(values(f.cluster.read(200)) == event_lines(0, 200));
    CHECK(sink->status().events_out == 200);
    CHECK(sink->status().events_dropped == 0);
  }
  // A real broker refuses, by its sequence, what comes behind a refused batch; this one takes it, and takes it again.
  SECTION("all of them, with requests behind it") {
    const auto sink = f.sink(config);
    for (int first = 0; first < 200; first += 10) sink->push(make_batch(first, 10));
    sink->stop(kLong);
    const std::vector<std::string> lines = event_lines(0, 200);
    const std::set<std::string> wanted(lines.begin(), lines.end());
    const std::vector<std::string> came = values(f.cluster.read_all_of(wanted));
    CHECK(std::set<std::string>(came.begin(), came.end()) == wanted);
    CHECK(sink->status().events_out == 200);
    CHECK(sink->status().events_dropped == 0);
  }
}

TEST_CASE("an event that is refused by itself is lost alone, counted and told") {
  const int code = GENERATE(as<int>(), kTooLarge, kInvalidRecord);
  CAPTURE(code);
  Fixture f;
  f.cluster.fail_produce({code, code});
  const auto sink = f.sink();
  sink->push(make_batch(0, 10));
  sink->stop(kLong);
  CHECK(first_values(f.cluster.read_until(event_text(9))) == event_lines(1, 9));
  const SinkStatus status = sink->status();
  CHECK(status.events_out == 9);
  CHECK(status.events_dropped == 1);
  REQUIRE(f.losses.wait_for(1));
  CHECK_THAT(f.losses.losses().front().cause, Contains("refused by the cluster"));
}

TEST_CASE("an event larger than librdkafka's bound is lost alone") {
  Fixture f;
  tests::KafkaConfig config = kafka_config(f.cluster.address());
  config.properties = {{"message.max.bytes", "2000"}};
  const auto sink = f.sink(config);
  sink->push(make_batch(0, 1));
  sink->push(make_batch(1, 1, 5000));
  sink->push(make_batch(2, 1));
  sink->stop(kLong);
  CHECK(values(f.cluster.read(2)) == std::vector{event_text(0), event_text(2)});
  CHECK(sink->status().events_out == 2);
  CHECK(sink->status().events_dropped == 1);
}

TEST_CASE("librdkafka's full queue holds events back and loses none") {
  Fixture f;
  tests::KafkaConfig config = kafka_config(f.cluster.address());
  config.properties = {{"queue.buffering.max.messages", "7"}};
  const auto sink = f.sink(config);
  for (int first = 0; first < 300; first += 10) sink->push(make_batch(first, 10));
  sink->stop(kLong);
  CHECK(values(f.cluster.read(300)) == event_lines(0, 300));
  CHECK(sink->status().events_dropped == 0);
}

TEST_CASE(
    "an event has its room in the queue until the cluster has told of it, and a stop waits no longer than it may") {
  Fixture f;
  f.cluster.set_delay(60'000);
  const auto sink = f.sink();
  sink->push(make_batch(0, 10));
  CHECK(sink->status().queue_events == 10);
  sink->stop(200ms);
  const SinkStatus status = sink->status();
  CHECK(status.events_out == 0);
  CHECK(status.events_dropped == 10);
  REQUIRE(f.losses.wait_for(1));
  CHECK_THAT(f.losses.losses().front().cause, Contains(std::string(SinkCore::kStopped)));
}

TEST_CASE("settings that librdkafka does not take are refused at the start and by the check, with its words") {
  Fixture f;
  const auto refusal_of = [&](const config::Sink& config) -> std::string {
    std::string by_check;
    try {
      check_read_files(config);
    } catch (const base::Error& error) {
      by_check = error.what();
    }
    try {
      static_cast<void>(f.sink(config));
    } catch (const base::Error& error) {
      CHECK(by_check == error.what());
      return error.what();
    }
    return "accepted";
  };
  tests::KafkaConfig config = kafka_config(f.cluster.address());
  config.properties = {{"no.such.thing", "1"}};
  CHECK_THAT(refusal_of(config), Contains("sink 'kafka': properties: ") && Contains("no.such.thing"));
  config.properties = {{"socket.timeout.ms", "soon"}};
  CHECK_THAT(refusal_of(config), Contains("socket.timeout.ms"));
  config.properties = {};
  config.sasl = {KafkaMechanism::kPlain, "jo", "/nowhere/pass"};
  CHECK_THAT(refusal_of(config), Contains("password_file: /nowhere/pass cannot be read"));
  config.sasl = {};
  config.tls.enabled = true;
  config.tls.ca = "/nowhere/ca.pem";
  CHECK_THAT(refusal_of(config), Contains("tls.ca") && Contains("/nowhere/ca.pem"));
}

TEST_CASE("a broker whose certificate is not to be trusted gets nothing and is told") {
  const tests::TempDir directory;
  const tests::Certificates certificates(directory.file("."));
  std::atomic<std::size_t> bytes = 0;
  tests::LoopbackServer server(tests::LoopbackServer::Tls{certificates.server.certificate, certificates.server.key, {}},
                               0, [&](tests::LoopbackServer::Stream& stream) {
                                 std::array<char, 64> buffer{};
                                 bytes += stream.read(buffer.data(), buffer.size());
                               });
  Network network;
  tests::KafkaConfig config = kafka_config(server.address());
  config.tls.enabled = true;
  SECTION("another authority") {
    config.tls.ca = certificates.stranger.certificate;
    const auto sink = make_kafka_sink(config, network, {}, 1);
    sink->push(make_batch(0, 1));
    REQUIRE(wait_for_state(*sink, "disconnected"));
    CHECK_THAT(sink->status().last_error, Contains("certificate"));
    sink->stop(0ms);
    CHECK(bytes == 0);
  }
  SECTION("its own: the handshake is done, and it is no Kafka") {
    config.tls.ca = certificates.authority.certificate;
    const auto sink = make_kafka_sink(config, network, {}, 1);
    sink->push(make_batch(0, 1));
    REQUIRE(wait_for_state(*sink, "disconnected"));
    sink->stop(0ms);
    CHECK(bytes > 0);
  }
}

}  // namespace naudit::output
