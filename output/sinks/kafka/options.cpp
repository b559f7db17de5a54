// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/kafka/options.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "output/sinks/net/endpoint.hpp"

namespace naudit::output {
namespace {

using namespace std::chrono_literals;
using config::nested;

constexpr std::array<std::string_view, 5> kCompressions = {"none", "gzip", "snappy", "lz4", "zstd"};
constexpr std::array<std::string_view, 4> kMechanisms = {"none", "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"};
constexpr std::size_t kMostTopic = 249;
constexpr std::uint64_t kLeastQueueKiB = 256;
// What librdkafka keeps beside a message is some hundred bytes each; as many as it sends in 100 ms at full speed.
constexpr std::string_view kMostMessages = "20000";

// Rows of `tls:` that librdkafka has nothing for would be read and do nothing.
constexpr std::array<std::string_view, 9> kSharedKeys = {
    "tls", "tls.verify", "tls.ca", "tls.certificate", "tls.key", "tls.crl", "tls.ciphers", "retry.first", "retry.most"};

struct Reserved {
  std::string_view name;
  std::string_view instead;
};
constexpr std::string_view kPromise = "what the sink promises rests on it";
constexpr std::string_view kSecret = "a secret does not stand in the configuration; use sasl: {password_file: …}";
constexpr std::string_view kOwnSasl = "use sasl:";
constexpr std::string_view kOwnTls = "use tls:";
constexpr std::string_view kCode = "no code is loaded into the process";
constexpr Reserved kReserved[] = {
    {"metadata.broker.list", "use brokers:"},
    {"bootstrap.servers", "use brokers:"},
    {"compression.type", "use compression:"},
    {"compression.codec", "use compression:"},
    {"linger.ms", "use linger:"},
    {"queue.buffering.max.ms", "use linger:"},
    {"retry.backoff.ms", "use retry:"},
    {"reconnect.backoff.ms", "use retry:"},
    {"reconnect.backoff.max.ms", "use retry:"},
    {"security.protocol", "it follows from tls: and sasl:"},
    {"sasl.mechanism", kOwnSasl},
    {"sasl.mechanisms", kOwnSasl},
    {"sasl.username", kOwnSasl},
    {"sasl.password", kSecret},
    {"sasl.oauthbearer.config", kSecret},
    {"sasl.oauthbearer.client.secret", kSecret},
    {"ssl.key.password", kSecret},
    {"ssl.key.pem", kSecret},
    {"ssl.keystore.password", kSecret},
    {"ssl.key.location", kOwnTls},
    {"ssl.certificate.location", kOwnTls},
    {"ssl.certificate.pem", kOwnTls},
    {"ssl.ca.location", kOwnTls},
    {"ssl.ca.pem", kOwnTls},
    {"ssl.crl.location", kOwnTls},
    {"ssl.cipher.suites", kOwnTls},
    {"enable.ssl.certificate.verification", kOwnTls},
    {"ssl.endpoint.identification.algorithm", kOwnTls},
    {"enable.idempotence", kPromise},
    {"enable.gapless.guarantee", kPromise},
    {"acks", kPromise},
    {"request.required.acks", kPromise},
    {"retries", kPromise},
    {"message.send.max.retries", kPromise},
    {"delivery.timeout.ms", kPromise},
    {"message.timeout.ms", kPromise},
    {"delivery.report.only.error", kPromise},
    {"transactional.id", kPromise},
    {"produce.offset.report", kPromise},
    {"plugin.library.paths", kCode},
    {"ssl.engine.location", kCode},
    {"sasl.kerberos.kinit.cmd", kCode},
};

bool is_broker(std::string_view text) {
  return parse_endpoint(text).has_value() || parse_endpoint(std::string(text) + ":9092").has_value();
}

bool is_topic(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  return !text.empty() && text.size() <= kMostTopic && text != "." && text != ".." && std::ranges::all_of(text, fits);
}

bool is_all_loopback(const KafkaOptions& options) {
  return std::ranges::all_of(options.brokers, [](const std::string& broker) {
    const auto endpoint = parse_endpoint(broker);
    return is_loopback(endpoint ? endpoint->host : broker);
  });
}

void check_sasl(const KafkaOptions& options, const config::Report& report) {
  const KafkaSasl& sasl = options.sasl;
  const bool wanted = sasl.mechanism != KafkaMechanism::kNone;
  if (!wanted && !(sasl.user.empty() && sasl.password_file.empty()))
    report("sasl", "`mechanism` is missing; write PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512");
  if (wanted && sasl.user.empty()) report("sasl", "`user` is missing; it needs one");
  if (wanted && sasl.password_file.empty()) report("sasl", "`password_file` is missing; it needs one");
  if (sasl.mechanism == KafkaMechanism::kPlain && !options.tls.enabled && !is_all_loopback(options))
    report("sasl.mechanism", "PLAIN would send the password readable by anybody on the way; write tls: true");
}

void check(const KafkaOptions& options, const config::Sink&, const config::Report& report) {
  if (options.brokers.empty()) report("brokers", "is an empty list; write host:port, like kafka.example:9092");
  for (const std::string& broker : options.brokers)
    if (!is_broker(broker))
      report("brokers", "expected host:port, like kafka.example:9092, not " + base::in_quotes(broker));
  if (!is_topic(options.topic)) {
    report("topic",
           "expected a topic of at most 249 letters, digits, '.', '_' and '-', not " + base::in_quotes(options.topic));
  }
  check_net(options, report);
  check_sasl(options, report);
  for (const auto& [name, value] : options.properties) {
    const auto reserved = std::ranges::find(kReserved, name, &Reserved::name);
    if (reserved != std::end(kReserved))
      report("properties." + name, name + " cannot be set here: " + std::string(reserved->instead));
  }
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text.append(text.empty() ? "" : ",").append(word);
  return text;
}

void add_tls(const Tls& tls, KafkaSettings& settings) {
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) settings.emplace_back(name, value);
  };
  settings.emplace_back("enable.ssl.certificate.verification", tls.verify ? "true" : "false");
  settings.emplace_back("ssl.endpoint.identification.algorithm", tls.verify ? "https" : "none");
  add("ssl.ca.location", tls.ca);
  add("ssl.certificate.location", tls.certificate);
  add("ssl.key.location", tls.key);
  add("ssl.crl.location", tls.crl);
  add("ssl.cipher.suites", tls.ciphers);
}

}  // namespace

KafkaSettings kafka_settings(const KafkaOptions& options, std::uint64_t queue_size) {
  const bool sasl = options.sasl.mechanism != KafkaMechanism::kNone;
  const auto word = [](auto value, const auto& words) { return std::string(words[static_cast<std::size_t>(value)]); };
  KafkaSettings settings = {
      {"bootstrap.servers", joined(options.brokers)},
      {"client.id", "nauditd"},
      {"enable.idempotence", "true"},
      // Without it what stands behind a message that is refused may arrive before that is sent again.
      {"enable.gapless.guarantee", "true"},
      {"delivery.timeout.ms", "0"},
      {"linger.ms", std::to_string(options.linger.count())},
      {"compression.type", word(options.compression, kCompressions)},
      {"queue.buffering.max.kbytes", std::to_string(std::max(kLeastQueueKiB, queue_size / 2 / config::kKiB))},
      {"queue.buffering.max.messages", std::string(kMostMessages)},
      {"retry.backoff.ms", std::to_string(std::clamp<std::int64_t>(options.retry.first.count(), 1, 300'000))},
      {"reconnect.backoff.ms", std::to_string(std::min<std::int64_t>(options.retry.first.count(), 3'600'000))},
      {"reconnect.backoff.max.ms", std::to_string(std::min<std::int64_t>(options.retry.most.count(), 3'600'000))},
      {"security.protocol",
       std::string(options.tls.enabled ? (sasl ? "sasl_ssl" : "ssl") : (sasl ? "sasl_plaintext" : "plaintext"))},
  };
  if (options.tls.enabled) add_tls(options.tls, settings);
  if (sasl) {
    settings.emplace_back("sasl.mechanisms", word(options.sasl.mechanism, kMechanisms));
    settings.emplace_back("sasl.username", options.sasl.user);
  }
  settings.insert(settings.end(), options.properties.begin(), options.properties.end());
  return settings;
}

config::OptionTable kafka_options() {
  config::OptionSpec<KafkaOptions> spec{
      .rows =
          {
              {"brokers",
               config::list(&KafkaOptions::brokers),
               "`host:port` of some of the cluster's brokers; they name the others. Without a port it is 9092.",
               {.example = "[kafka.example:9092]"}},
              {"topic",
               config::text(&KafkaOptions::topic),
               "The topic; it is made where the cluster allows that.",
               {.example = "audit"}},
              {"compression", config::choice(&KafkaOptions::compression, kCompressions),
               "Of a batch of events, in the brokers' log as well."},
              {"linger", config::duration(&KafkaOptions::linger, 0ms, 900'000ms),
               "How long an event may wait for others, to be sent with them."},
              {"sasl.mechanism", config::choice(nested(&KafkaOptions::sasl, &KafkaSasl::mechanism), kMechanisms),
               "How we say who we are."},
              {"sasl.user", config::text(nested(&KafkaOptions::sasl, &KafkaSasl::user)), "The user of that."},
              {"sasl.password_file", config::path(nested(&KafkaOptions::sasl, &KafkaSasl::password_file)),
               "The file with the user's password, read at each start and reload, and after a refusal."},
              {"properties",
               config::text_map(&KafkaOptions::properties),
               "Other settings of librdkafka by its own names, like `{message.max.bytes: 4000000}`. What the sink sets "
               "itself, secrets, and what its promises rest on, are refused.",
               {.otherwise = "none"}},
          },
      .check = check,
  };
  std::vector<config::Option<NetOptions>> shared;
  for (const auto& row : net_options())
    if (std::ranges::find(kSharedKeys, row.key) != kSharedKeys.end()) shared.push_back(row);
  config::add_shared(spec.rows, shared);
  return spec;
}

std::vector<std::string> kafka_warnings(const config::Sink& sink, bool) {
  const auto& options = sink.options.as<KafkaOptions>();
  std::vector<std::string> warnings = net_warnings(options);
  if (!options.tls.enabled && !is_all_loopback(options))
    warnings.emplace_back("tls is off: events cross the network readable by anybody");
  return warnings;
}

}  // namespace naudit::output
