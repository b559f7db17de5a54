// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/loader.hpp"
#include "output/sinks/kinds.hpp"
#include "output/sinks/net/network.hpp"
#include "output/sinks/registry.hpp"
#include "tests/output/sink_support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/uncompressed.hpp"

namespace naudit::tests {

// What a server is sent, as it was before it was compressed.
inline std::string plain_body(const HttpServer::Request& request) {
  if (request.has("Content-Encoding: gzip\r\n")) return gunzip(request.body);
  if (request.has("Content-Encoding: zstd\r\n")) return unzstd(request.body);
  return request.body;
}

// A server of a product: keeps what is wrong with the requests of a client. Any thread.
class StrictServer {
 public:
  using Answer = HttpServer::Answer;
  using Request = HttpServer::Request;

  StrictServer() : http([this](const Request& request) { return respond(request); }) {}
  StrictServer(const StrictServer&) = delete;
  StrictServer& operator=(const StrictServer&) = delete;
  virtual ~StrictServer() = default;

  [[nodiscard]] std::string url() { return "http://" + http.server().address(); }
  [[nodiscard]] std::vector<std::string> problems() const {
    const std::lock_guard lock(mutex_);
    return problems_;
  }
  // The next requests get these answers instead of being taken.
  void inject(std::vector<Answer> answers) {
    const std::lock_guard lock(mutex_);
    for (Answer& answer : answers) injected_.push_back(std::move(answer));
  }

 protected:
  // With the mutex held.
  virtual Answer take(const Request& request, const std::string& body) = 0;
  void wants(bool holds, const std::string& what) {
    if (!holds) problems_.push_back(what);
  }
  static Answer json(int status, std::string body) {
    return {status, "Content-Type: application/json\r\n", std::move(body), HttpServer::Step::kReply};
  }

  mutable std::mutex mutex_;

 private:
  Answer respond(const Request& request) {
    const std::lock_guard lock(mutex_);
    if (!injected_.empty()) {
      Answer answer = std::move(injected_.front());
      injected_.erase(injected_.begin());
      return answer;
    }
    return take(request, plain_body(request));
  }

  std::vector<std::string> problems_;
  std::vector<Answer> injected_;

 public:
  HttpServer http;  // last: its threads end before what they use
};

// Events as the format `json` writes their heads; their ids are "1700000000.<number>:<number>".
inline std::string product_event(int number, const std::string& more = "") {
  std::string millis = std::to_string(number % 1000);
  millis.insert(0, 3 - millis.size(), '0');
  const std::string id = std::to_string(1700000000 + number / 1000) + '.' + millis;
  const std::string second = std::to_string(20 + number / 1000 % 40);
  return R"({"id":")" + id + ':' + std::to_string(number) + R"(","time":"2023-11-14T22:13:)" + second + '.' + millis +
         R"(Z","serial":)" + std::to_string(number) + R"(,"node":"web1","complete":true,"keys":["k1","k2"],)" +
         R"("action":"opened-file","kind":"audit-rule","outcome":"success","subject":{"pid":7})" + more + '}';
}
inline output::BatchPtr product_batch(int first, int count, const std::string& more = "") {
  auto batch = std::make_shared<output::Batch>();
  for (int number = first; number < first + count; ++number) {
    batch->bytes += product_event(number, more) + '\n';
    batch->ends.push_back(static_cast<std::uint32_t>(batch->bytes.size()));
  }
  batch->first_id = "1700000000.000:" + std::to_string(first);
  batch->last_id = "1700000000.000:" + std::to_string(first + count - 1);
  batch->made = std::chrono::steady_clock::now();
  return batch;
}

// A sink as nauditd.yaml has it, with what makes a test short: `keys` are lines of YAML behind the common ones.
struct ProductFixture {
  std::unique_ptr<output::Sink> sink(const std::string& type, const std::string& url, const std::string& keys = "") {
    const std::string text =
        "sinks:\n- name: siem\n  type: " + type + "\n  url: " + url + "\n  retry: {first: 10ms, most: 50ms}\n" + keys;
    const config::Config config = config::parse(text, directory.file("nauditd.yaml"), output::kinds()).config;
    return output::make_sink(config.sinks.at(0), network, output::SinkHost(losses.handler()));
  }

  TempDir directory;
  output::Network network;
  LossLog losses;
};

inline constexpr auto kProductLong = std::chrono::milliseconds{30'000};

}  // namespace naudit::tests
