// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>

#include "output/sinks/http/product.hpp"
#include "output/sinks/splunk/options.hpp"

namespace naudit::output {

// Splunk's HTTP Event Collector: JSON objects one after another, an answer with a code, and, of a token that has
// indexer acknowledgement, a number by which it is asked later whether the events are indexed:
//
//   POST /services/collector/event {"time":1700000001.001,"host":"web1",…,"event":{…},"fields":{"event_id":"…"}}{… 200
//   {"text":"Success","code":0,"ackId":7} POST /services/collector/ack?channel=GUID   {"acks":[7,8]} 200
//   {"acks":{"7":true,"8":false}}
//
// The numbers are those of a channel; a `true` is told once.
class SplunkProduct final : public HttpProduct {
 public:
  // `target`: of the url; the collector's own path unless it says more than "/". `seed`: of the channels' names.
  SplunkProduct(SplunkOptions options, const std::string& target, std::string boot, std::uint64_t seed);

  [[nodiscard]] const Traits& traits() const override { return traits_; }
  void write(std::span<const HttpEvent> events, std::string& body) override;
  [[nodiscard]] std::vector<std::string> headers() const override;
  [[nodiscard]] HttpDecision judge(const HttpOutcome& outcome, std::size_t events,
                                   std::chrono::system_clock::time_point now) const override;
  [[nodiscard]] HttpQuestion ask(std::span<const std::string> receipts) const override;
  [[nodiscard]] std::optional<std::vector<std::string>> confirmed(const HttpOutcome& outcome) const override;
  void forget_receipts() override;

 private:
  const SplunkOptions options_;
  const std::string boot_;
  Traits traits_;
  std::mt19937_64 random_;
  std::string channel_;
};

// What the collector says: -1: it says nothing of the kind. Pure; any bytes will do.
struct SplunkReply {
  int code = -1;
  std::int64_t ack_id = -1;
  std::int64_t invalid_event = -1;  // the events before this one were taken
};
std::optional<SplunkReply> read_splunk_reply(std::string_view body);
// The numbers that are acknowledged.
std::optional<std::vector<std::string>> read_splunk_acks(std::string_view body);

}  // namespace naudit::output
