// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "config/config.hpp"
#include "formats/envelope.hpp"
#include "interpret/names/names.hpp"
#include "output/batch.hpp"
#include "output/sinks/kinds.hpp"
#include "tests/support/pipeline.hpp"
#include "tests/support/stored_log.hpp"

namespace naudit::tests {

// An entry of `sinks:` of a kind that sink_support.hpp does not have.
template <typename Options>
config::Sink sink_of(std::string type, Options options, std::string format = "json") {
  config::Sink sink;
  sink.name = type;
  sink.type = std::move(type);
  sink.format = std::move(format);
  sink.options = std::move(options);
  return sink;
}

// Events as the encode thread hands them to this sink: in its format, in its envelope.
class EncodedFor {
 public:
  explicit EncodedFor(const config::Sink& sink, std::string node = "web1")
      : context_{.names = names_, .node = std::move(node), .live = false},
        encoder_(formats::make_encoder(sink.format, context_, sink.format_options, output::envelope_of(sink))) {}

  // Of records as a stored log has them.
  output::BatchPtr batch(std::string_view records) {
    StoredLog log;
    log.add_all(records);
    log.finish();
    auto batch = std::make_shared<output::Batch>();
    for (const auto& event : log.events) {
      decoded_.decode(*event);
      encoder_->encode(decoded_, batch->bytes);
      batch->ends.push_back(static_cast<std::uint32_t>(batch->bytes.size()));
      std::string id;
      correlate::append_id(event->id, id);
      if (batch->first_id.empty()) batch->first_id = id;
      batch->last_id = id;
    }
    batch->made = std::chrono::steady_clock::now();
    return batch;
  }

 private:
  interpret::Names names_{patient(), fixed_name};
  formats::EncoderContext context_;
  std::unique_ptr<formats::Encoder> encoder_;
  interpret::DecodedEvent decoded_;
};

// Waits for what has no other sign; half a minute at most.
inline bool soon(const std::function<bool()>& is_so) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (!is_so()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

// One whole event a line: number `number` of a login record.
inline std::string login_record(int number, const std::string& more = "") {
  return "type=USER_LOGIN msg=audit(1700000000.123:" + std::to_string(number) +
         "): pid=7 uid=0 auid=1000 ses=3 msg='op=login id=1000 exe=\"/usr/sbin/sshd\" hostname=? addr=10.0.0.1 "
         "terminal=ssh" +
         more + " res=success'\n";
}

}  // namespace naudit::tests
