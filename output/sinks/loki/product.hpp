// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "output/sinks/http/product.hpp"
#include "output/sinks/loki/options.hpp"

namespace naudit::output {

// Grafana Loki's push API: lines in streams, which are few and told apart by labels; here by host and kind of event.
//
//   POST /loki/api/v1/push
//   {"streams":[{"stream":{"job":"nauditd","host":"web1","kind":"user-login"},
//                "values":[["1700000000001000000","the line",{"id":"…","action":"…"}]]}]}
//   204, or 400 with a text: some entries were refused, and the others are taken
//
// A 400 does not say which entries. The request goes again in halves until they are found: what was taken before is a
// line with the same time in the same stream, which Loki keeps once. If it says that it ignored all, that is that.
class LokiProduct final : public HttpProduct {
 public:
  // `target`: of the url; Loki's own path unless it says more than "/".
  LokiProduct(LokiOptions options, const std::string& target);

  [[nodiscard]] const Traits& traits() const override { return traits_; }
  void write(std::span<const HttpEvent> events, std::string& body) override;
  [[nodiscard]] std::vector<std::string> headers() const override;
  [[nodiscard]] HttpDecision judge(const HttpOutcome& outcome, std::size_t events,
                                   std::chrono::system_clock::time_point now) const override;

 private:
  const LokiOptions options_;
  std::string labels_;  // of every stream, each with a comma behind it
  Traits traits_;
};

// "…, total ignored: 3 out of 10": the first number; nothing: it does not say. Pure; any bytes will do.
std::optional<std::uint64_t> read_ignored(std::string_view body);

}  // namespace naudit::output
