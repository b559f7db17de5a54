// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/kafka/client.hpp"

#include <librdkafka/rdkafka.h>

#include <array>
#include <utility>

#include "base/error.hpp"

namespace naudit::output {
namespace {

constexpr std::size_t kMostWords = 512;  // of librdkafka in a message

struct FreeConf {
  void operator()(rd_kafka_conf_t* conf) const noexcept { rd_kafka_conf_destroy(conf); }
};
using Conf = std::unique_ptr<rd_kafka_conf_t, FreeConf>;
struct FreeClient {
  void operator()(rd_kafka_t* client) const noexcept { rd_kafka_destroy(client); }
};
struct FreeTopic {
  void operator()(rd_kafka_topic_t* topic) const noexcept { rd_kafka_topic_destroy(topic); }
};
struct FreeQueue {
  void operator()(rd_kafka_queue_t* queue) const noexcept {
    rd_kafka_queue_io_event_enable(queue, -1, nullptr, 0);
    rd_kafka_queue_destroy(queue);
  }
};
struct FreeError {
  void operator()(rd_kafka_error_t* error) const noexcept { rd_kafka_error_destroy(error); }
};

// Of a message's report, and of trouble as a whole.
KafkaFault fault_of(rd_kafka_resp_err_t code) {
  switch (code) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
      return KafkaFault::kNone;
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
    case RD_KAFKA_RESP_ERR_INVALID_MSG:
    case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP:
      return KafkaFault::kMessage;
    case RD_KAFKA_RESP_ERR__PURGE_QUEUE:
    case RD_KAFKA_RESP_ERR__PURGE_INFLIGHT:
      return KafkaFault::kPurged;
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
      return KafkaFault::kTopic;
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
      return KafkaFault::kRights;
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
      return KafkaFault::kLogin;
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
      return KafkaFault::kConnection;
    case RD_KAFKA_RESP_ERR__FATAL:
    case RD_KAFKA_RESP_ERR__GAPLESS_GUARANTEE:
      return KafkaFault::kFatal;
    default:
      return KafkaFault::kOther;
  }
}

std::string text_of(rd_kafka_resp_err_t code) {
  return rd_kafka_err2str(code);
}

std::optional<KafkaClient::Wrong> set(rd_kafka_conf_t* conf, const std::string& name, const std::string& value) {
  std::array<char, kMostWords> why{};
  if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why.data(), why.size()) == RD_KAFKA_CONF_OK)
    return std::nullopt;
  return KafkaClient::Wrong{name, why.data()};
}

}  // namespace

struct KafkaClient::Live {
  Handlers handlers;
  std::string connection_error;  // of the last broker that could not be reached
  // In the reverse order of their ends.
  std::unique_ptr<rd_kafka_t, FreeClient> client;
  std::unique_ptr<rd_kafka_queue_t, FreeQueue> queue;
  std::unique_ptr<rd_kafka_topic_t, FreeTopic> topic;

  void on_error(rd_kafka_resp_err_t code, const char* reason);
};

void KafkaClient::Live::on_error(rd_kafka_resp_err_t code, const char* reason) {
  std::string why = reason;
  if (code == RD_KAFKA_RESP_ERR__FATAL) {
    std::array<char, kMostWords> words{};
    code = rd_kafka_fatal_error(client.get(), words.data(), words.size());
    const bool is_rights = fault_of(code) == KafkaFault::kRights;
    return handlers.on_error(is_rights ? KafkaFault::kRights : KafkaFault::kFatal, words.data());
  }
  if (code == RD_KAFKA_RESP_ERR__TRANSPORT || code == RD_KAFKA_RESP_ERR__RESOLVE || code == RD_KAFKA_RESP_ERR__SSL ||
      code == RD_KAFKA_RESP_ERR__TIMED_OUT) {
    connection_error = std::move(why);
    return;
  }
  const KafkaFault fault = fault_of(code);
  if (fault == KafkaFault::kConnection && !connection_error.empty()) why = connection_error;
  handlers.on_error(fault, why);
}

std::optional<KafkaClient::Wrong> KafkaClient::check(const KafkaSettings& settings) {
  const Conf conf(rd_kafka_conf_new());
  for (const auto& [name, value] : settings)
    if (auto wrong = set(conf.get(), name, value)) return wrong;
  return std::nullopt;
}

KafkaClient::KafkaClient(const KafkaSettings& settings, const std::string& topic, const std::string& password,
                         int wake_fd, Handlers handlers)
    : live_(std::make_unique<Live>()) {
  live_->handlers = std::move(handlers);
  Conf conf(rd_kafka_conf_new());
  for (const auto& [name, value] : settings)
    if (const auto wrong = set(conf.get(), name, value)) throw base::Error(wrong->name + ": " + wrong->why);
  if (!password.empty() && set(conf.get(), "sasl.password", password)) throw base::Error("the password is refused");
  rd_kafka_conf_set_opaque(conf.get(), live_.get());
  // What librdkafka would write to standard error comes as an error, too.
  rd_kafka_conf_set_log_cb(conf.get(), [](const rd_kafka_t*, int, const char*, const char*) {});
  rd_kafka_conf_set_error_cb(conf.get(), [](rd_kafka_t*, int code, const char* reason, void* live) {
    static_cast<Live*>(live)->on_error(static_cast<rd_kafka_resp_err_t>(code), reason);
  });
  rd_kafka_conf_set_dr_msg_cb(conf.get(), [](rd_kafka_t*, const rd_kafka_message_t* message, void* live) {
    const KafkaFault fault = fault_of(message->err);
    static const std::string kNothing;
    static_cast<Live*>(live)->handlers.on_report(reinterpret_cast<std::uintptr_t>(message->_private), fault,
                                                 fault == KafkaFault::kNone ? kNothing : text_of(message->err));
  });
  std::array<char, kMostWords> why{};
  live_->client.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf.get(), why.data(), why.size()));
  if (live_->client == nullptr) throw base::Error(why.data());
  static_cast<void>(conf.release());  // it is the client's now
  live_->queue.reset(rd_kafka_queue_get_main(live_->client.get()));
  const std::uint64_t one = 1;
  rd_kafka_queue_io_event_enable(live_->queue.get(), wake_fd, &one, sizeof one);
  live_->topic.reset(rd_kafka_topic_new(live_->client.get(), topic.c_str(), nullptr));
  if (live_->topic == nullptr) throw base::Error("topic: " + text_of(rd_kafka_last_error()));
}

KafkaClient::~KafkaClient() = default;

KafkaClient::Taken KafkaClient::produce(const Message& message) {
  std::array<rd_kafka_vu_t, 8> values{};
  std::size_t count = 0;
  const auto add = [&](rd_kafka_vtype_t type) -> rd_kafka_vu_t& {
    values[count].vtype = type;
    return values[count++];
  };
  // librdkafka takes what is not const and changes nothing of it.
  const auto bytes = [](std::string_view text) { return const_cast<char*>(text.data()); };
  const auto add_header = [&](const char* name, std::string_view value) {
    rd_kafka_vu_t& header = add(RD_KAFKA_VTYPE_HEADER);
    header.u.header.name = name;
    header.u.header.val = value.data();
    header.u.header.size = static_cast<ssize_t>(value.size());
  };
  add(RD_KAFKA_VTYPE_RKT).u.rkt = live_->topic.get();
  rd_kafka_vu_t& value = add(RD_KAFKA_VTYPE_VALUE);
  value.u.mem.ptr = bytes(message.text);
  value.u.mem.size = message.text.size();
  rd_kafka_vu_t& key = add(RD_KAFKA_VTYPE_KEY);
  key.u.mem.ptr = bytes(message.key);
  key.u.mem.size = message.key.size();
  add(RD_KAFKA_VTYPE_OPAQUE).u.ptr = reinterpret_cast<void*>(static_cast<std::uintptr_t>(message.number));
  if (message.millis) add(RD_KAFKA_VTYPE_TIMESTAMP).u.i64 = *message.millis;
  if (!message.id.empty()) add_header("id", message.id);
  add_header("schema", message.schema);
  const std::unique_ptr<rd_kafka_error_t, FreeError> error(
      rd_kafka_produceva(live_->client.get(), values.data(), count));
  if (error == nullptr) return {};
  const rd_kafka_resp_err_t code = rd_kafka_error_code(error.get());
  if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL) return {Taken::How::kFull};
  return {Taken::How::kFault, fault_of(code), rd_kafka_error_string(error.get())};
}

void KafkaClient::poll() {
  while (rd_kafka_poll(live_->client.get(), 0) > 0) continue;
}

void KafkaClient::purge() {
  rd_kafka_purge(live_->client.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
}

}  // namespace naudit::output
