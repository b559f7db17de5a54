// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "output/sinks/kafka/options.hpp"

namespace naudit::output {

// What becomes of a message that is not delivered.
enum class KafkaFault : std::uint8_t {
  kNone,
  kMessage,     // the message, or one that was sent together with it, will never be taken
  kPurged,      // it was taken back by purge()
  kTopic,       // there is no such topic
  kRights,      // the topic or the cluster is closed to us
  kLogin,       // who we say we are is refused
  kConnection,  // no broker can be reached
  kFatal,       // the producer has to be made anew
  kOther,
};

// One producer of librdkafka; the only file with its header. Idempotent: what it reports as delivered is in the
// topic once, and in order per partition; it never gives up by itself.
//
// One thread, which polls; librdkafka has its own. What a message points to has to stay until it is reported. Making
// one throws base::Error with librdkafka's words. The destructor waits for librdkafka's threads, which may be resolving
// a name.
class KafkaClient {
 public:
  struct Message {
    std::uint64_t number = 0;  // comes back in its report
    std::string_view text, key, id, schema;
    std::optional<std::int64_t> millis;
  };
  struct Handlers {
    std::function<void(std::uint64_t number, KafkaFault fault, const std::string& why)> on_report;
    // Trouble that is no single message's.
    std::function<void(KafkaFault fault, const std::string& why)> on_error;
  };
  struct Taken {
    enum class How : std::uint8_t { kTaken, kFull, kFault } how = How::kTaken;
    KafkaFault fault = KafkaFault::kNone;
    std::string why = {};
  };

  // `wake_fd`: an eventfd(2) that is written to when poll() has something to tell.
  KafkaClient(const KafkaSettings& settings, const std::string& topic, const std::string& password, int wake_fd,
              Handlers handlers);
  KafkaClient(const KafkaClient&) = delete;
  KafkaClient& operator=(const KafkaClient&) = delete;
  ~KafkaClient();

  // kFull: not before something was reported.
  Taken produce(const Message& message);
  // Calls the handlers with what there is; waits for nothing.
  void poll();
  // Takes back all that is not yet delivered: it is reported as such, though a broker may have it.
  void purge();

  // What librdkafka says of settings that it does not take: "no such property", …; empty: nothing.
  struct Wrong {
    std::string name, why;
  };
  static std::optional<Wrong> check(const KafkaSettings& settings);

 private:
  struct Live;
  std::unique_ptr<Live> live_;
};

}  // namespace naudit::output
