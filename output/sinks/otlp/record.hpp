// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "output/sinks/http/product.hpp"

namespace naudit::output {

// An attribute of a log record: a text, a number, or a list of texts.
struct OtlpAttribute {
  std::string_view key;
  std::string text;
  std::optional<std::int64_t> number;
  std::vector<std::string> list;
};

// What OpenTelemetry calls a log record: an event with the attributes that its summary gives, named by the semantic
// conventions (opentelemetry.io/docs/specs/semconv, 1.37) as far as these have a name, else `audit.…`.
struct OtlpRecord {
  std::uint64_t nanoseconds = 0;  // since the epoch; 0: not known
  int severity = 9;               // 9 information, 13 warning, 17 error
  std::string event_name;         // the action
  std::string body;               // valid UTF-8
  std::vector<OtlpAttribute> attributes;
};

// Pure. Whatever is in the event, the texts are UTF-8.
OtlpRecord otlp_record(const HttpEvent& event);
// A text of JSON as it stands between its quotes, without escapes; what is not UTF-8 becomes U+FFFD.
std::string unescaped(bool is_json, std::string_view text);

// The body of a request with these records, by the node that they are of (opentelemetry-proto 1.11,
// collector/logs/v1/logs_service.proto).
struct OtlpNode {
  std::string name;  // empty: not known
  std::vector<OtlpRecord> records;
};
void append_otlp_json(const std::vector<OtlpNode>& nodes, std::string& body);
void append_otlp_protobuf(const std::vector<OtlpNode>& nodes, std::string& body);

}  // namespace naudit::output
