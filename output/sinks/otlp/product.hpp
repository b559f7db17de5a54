// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "output/sinks/http/product.hpp"
#include "output/sinks/otlp/options.hpp"

namespace naudit::output {

// OpenTelemetry's protocol over HTTP, logs only: POST /v1/logs with an ExportLogsServiceRequest, and an
// ExportLogsServiceResponse, both in protobuf or both in JSON (opentelemetry.io, "OTLP Specification", 1.9).
//
// 429, 502, 503 and 504 may be sent again; any other 4xx or 5xx must not, nor what a partial success has rejected: that
// is counted, and the receiver does not say which records it is.
class OtlpProduct final : public HttpProduct {
 public:
  // `target`: of the url; "/v1/logs" unless it says more than "/".
  OtlpProduct(const OtlpOptions& options, const std::string& target);

  [[nodiscard]] const Traits& traits() const override { return traits_; }
  void write(std::span<const HttpEvent> events, std::string& body) override;
  [[nodiscard]] HttpDecision judge(const HttpOutcome& outcome, std::size_t events,
                                   std::chrono::system_clock::time_point now) const override;

 private:
  const OtlpEncoding encoding_;
  Traits traits_;
};

// What a response says of a partial success; nothing: it is no response. Pure; any bytes will do.
struct OtlpPartial {
  std::uint64_t rejected = 0;
  std::string message;
};
std::optional<OtlpPartial> read_otlp_json(std::string_view body);
std::optional<OtlpPartial> read_otlp_protobuf(std::string_view body);

}  // namespace naudit::output
