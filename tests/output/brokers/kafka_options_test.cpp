// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <algorithm>
#include <map>

#include "config/loader.hpp"
#include "config/print.hpp"
#include "output/sinks/kafka/options.hpp"
#include "output/sinks/kinds.hpp"
#include "tests/support/catch.hpp"

namespace naudit::output {
namespace {

using Catch::Matchers::Contains;
using namespace std::chrono_literals;

config::Config config_of(const std::string& keys) {
  return config::parse("sinks:\n  - {name: a, type: kafka, " + keys + "}\n", "/etc/naudit/f.yaml", kinds()).config;
}

std::string refusal_of(const std::string& keys) {
  try {
    config_of(keys);
  } catch (const base::Error& error) {
    return error.what();
  }
  return "accepted";
}

std::map<std::string, std::string> settings_of(const std::string& keys) {
  const config::Config config = config_of(keys);
  const config::Sink& sink = config.sinks.at(0);
  const KafkaSettings settings = kafka_settings(sink.options.as<KafkaOptions>(), sink.queue.size);
  std::map<std::string, std::string> last;  // librdkafka's too
  for (const auto& [name, value] : settings) last[name] = value;
  return last;
}

const std::string kLeast = "brokers: k1:9092, topic: audit";

}  // namespace

TEST_CASE("a kafka sink needs brokers and a topic, and has the rest") {
  const config::Config config = config_of(
      "brokers: [k1.example, '[2001:db8::1]:9093'], topic: audit, compression: lz4, linger: 5ms,\n"
      "     tls: {ca: ca.pem}, sasl: {mechanism: SCRAM-SHA-512, user: jo, password_file: pass},\n"
      "     properties: {message.max.bytes: 4000000, socket.keepalive.enable: true}");
  const auto& kafka = config.sinks.at(0).options.as<KafkaOptions>();
  CHECK(kafka.brokers == std::vector<std::string>{"k1.example", "[2001:db8::1]:9093"});
  CHECK(kafka.compression == KafkaCompression::kLz4);
  CHECK(kafka.linger == 5ms);
  CHECK(kafka.tls.ca == "/etc/naudit/ca.pem");
  CHECK(kafka.sasl == KafkaSasl{KafkaMechanism::kScramSha512, "jo", "/etc/naudit/pass"});
  CHECK(kafka.properties == config::TextMap{{"message.max.bytes", "4000000"}, {"socket.keepalive.enable", "true"}});
  const std::string printed = config::print(config, kinds());
  CHECK(config::parse(printed, "/etc/naudit/f.yaml", kinds()).config.sinks == config.sinks);
}

TEST_CASE("settings for librdkafka are those that the promise needs, and what was configured") {
  auto settings = settings_of(kLeast);
  CHECK(settings.at("bootstrap.servers") == "k1:9092");
  CHECK(settings.at("enable.idempotence") == "true");
  CHECK(settings.at("delivery.timeout.ms") == "0");
  CHECK(settings.at("linger.ms") == "50");
  CHECK(settings.at("compression.type") == "zstd");
  CHECK(settings.at("queue.buffering.max.kbytes") == "16384");
  CHECK(settings.at("security.protocol") == "plaintext");
  CHECK_FALSE(settings.contains("sasl.mechanisms"));
  settings = settings_of(kLeast +
                         ", tls: {ca: /ca, certificate: /c, key: /k, crl: /r, ciphers: X}, sasl: {mechanism: "
                         "PLAIN, user: jo, password_file: /p}, properties: {client.id: me}");
  CHECK(settings.at("security.protocol") == "sasl_ssl");
  CHECK(settings.at("sasl.mechanisms") == "PLAIN");
  CHECK(settings.at("sasl.username") == "jo");
  CHECK_FALSE(settings.contains("sasl.password"));
  CHECK(settings.at("ssl.ca.location") == "/ca");
  CHECK(settings.at("ssl.certificate.location") == "/c");
  CHECK(settings.at("ssl.key.location") == "/k");
  CHECK(settings.at("ssl.crl.location") == "/r");
  CHECK(settings.at("ssl.cipher.suites") == "X");
  CHECK(settings.at("ssl.endpoint.identification.algorithm") == "https");
  CHECK(settings.at("enable.ssl.certificate.verification") == "true");
  CHECK(settings.at("client.id") == "me");
  settings = settings_of(kLeast + ", tls: {verify: false}");
  CHECK(settings.at("ssl.endpoint.identification.algorithm") == "none");
  CHECK(settings.at("enable.ssl.certificate.verification") == "false");
}

TEST_CASE("what a kafka sink cannot be is refused in words that say what to do") {
  CHECK_THAT(refusal_of("topic: audit"), Contains("no 'brokers'"));
  CHECK_THAT(refusal_of("brokers: k:1"), Contains("no 'topic'"));
  CHECK_THAT(refusal_of("brokers: [], topic: a"), Contains("empty list"));
  CHECK_THAT(refusal_of("brokers: 'k:x', topic: a"), Contains("expected host:port") && Contains("'k:x'"));
  CHECK_THAT(refusal_of("brokers: k:1, topic: 'a b'"), Contains("expected a topic"));
  CHECK_THAT(refusal_of(kLeast + ", tls: {min_version: 1.3}"), Contains("min_version"));
  CHECK_THAT(refusal_of(kLeast + ", sasl: {user: jo}"), Contains("mechanism") && Contains("is missing"));
  CHECK_THAT(refusal_of(kLeast + ", sasl: {mechanism: PLAIN, user: jo}"), Contains("`password_file` is missing"));
  CHECK_THAT(refusal_of(kLeast + ", sasl: {mechanism: PLAIN, password_file: /p}"), Contains("`user` is missing"));
  CHECK_THAT(refusal_of(kLeast + ", sasl: {mechanism: PLAIN, user: jo, password_file: /p}"), Contains("tls: true"));
  CHECK(refusal_of("brokers: 127.0.0.1, topic: a, sasl: {mechanism: PLAIN, user: jo, password_file: /p}") ==
        "accepted");
  CHECK_THAT(refusal_of(kLeast + ", properties: {acks: 1}"), Contains("acks cannot be set here"));
  CHECK_THAT(refusal_of(kLeast + ", properties: {sasl.password: geheim}"),
             Contains("password_file") && !Contains("geheim"));
  CHECK_THAT(refusal_of(kLeast + ", properties: {bootstrap.servers: x}"), Contains("use brokers:"));
  CHECK_THAT(refusal_of(kLeast + ", properties: [x]"), Contains("expected a map"));
  CHECK_THAT(refusal_of(kLeast + ", properties: {a: [x]}"), Contains("expected text"));
}

TEST_CASE("a kafka sink without tls is a warning but on this machine") {
  const auto warnings_of = [](const std::string& keys) { return sink_warnings(config_of(keys).sinks.at(0), false); };
  CHECK(warnings_of(kLeast).size() == 1);
  CHECK(warnings_of(kLeast + ", tls: true").empty());
  CHECK(warnings_of(kLeast + ", tls: {verify: false}").size() == 1);
  CHECK(warnings_of("brokers: [127.0.0.1, 'localhost:1'], topic: a").empty());
}

}  // namespace naudit::output
