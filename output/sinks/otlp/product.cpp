// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/otlp/product.hpp"

#include <algorithm>
#include <charconv>
#include <protozero/exception.hpp>
#include <protozero/pbf_reader.hpp>
#include <utility>

#include <rapidjson/document.h>

#include "base/json.hpp"
#include "output/sinks/http/sink.hpp"
#include "output/sinks/otlp/record.hpp"

namespace naudit::output {

OtlpProduct::OtlpProduct(const OtlpOptions& options, const std::string& target) : encoding_(options.encoding) {
  traits_.content_type = encoding_ == OtlpEncoding::kJson ? "application/json" : "application/x-protobuf";
  traits_.target = target == "/" ? "/v1/logs" : target;
  traits_.reply_kept = HttpClient::kBodyMost;
}

void OtlpProduct::write(std::span<const HttpEvent> events, std::string& body) {
  std::vector<OtlpNode> nodes;
  for (const HttpEvent& event : events) {
    const std::string node = unescaped(event.head.is_object, event.head.node);
    auto found = std::ranges::find(nodes, node, &OtlpNode::name);
    if (found == nodes.end()) found = nodes.insert(nodes.end(), {node, {}});
    found->records.push_back(otlp_record(event));
  }
  if (encoding_ == OtlpEncoding::kJson)
    append_otlp_json(nodes, body);
  else
    append_otlp_protobuf(nodes, body);
}

HttpDecision OtlpProduct::judge(const HttpOutcome& outcome, std::size_t events,
                                std::chrono::system_clock::time_point now) const {
  HttpDecision decision = output::judge(outcome, now);
  const int status = outcome.status;
  if (status >= 500 && status != 502 && status != 503 && status != 504) decision.verdict = HttpVerdict::kRefused;
  if (status == 408 || status == 425) decision.verdict = HttpVerdict::kRefused;
  // The url is not that of a receiver: nothing that a record could be blamed for.
  if (status == 404 || status == 405) decision.verdict = HttpVerdict::kConfiguration;
  if (decision.verdict != HttpVerdict::kDelivered) return decision;
  const auto partial = !outcome.error.empty()             ? std::nullopt
                       : encoding_ == OtlpEncoding::kJson ? read_otlp_json(outcome.body)
                                                          : read_otlp_protobuf(outcome.body);
  if (!partial) {
    decision.verdict = HttpVerdict::kRetry;
    decision.text = std::to_string(status) + " with what is no answer of a receiver: " + quoted_answer(outcome.body);
  } else if (partial->rejected > 0) {
    decision.verdict = HttpVerdict::kSome;
    decision.refused = std::min<std::uint64_t>(partial->rejected, events);
    decision.text = std::to_string(decision.refused) + " of " + std::to_string(events) +
                    " were rejected, and it is not said which: " + quoted_answer(partial->message);
  }
  return decision;
}

std::optional<OtlpPartial> read_otlp_json(std::string_view body) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(body.data(), body.size());
  if (document.HasParseError() || !document.IsObject()) return std::nullopt;
  OtlpPartial partial;
  const rapidjson::Value& success = base::json_member(document, "partialSuccess");
  if (!success.IsObject()) return partial;
  partial.message = base::json_text(success, "errorMessage");
  // 64-bit integers are strings in protobuf's JSON, and numbers are taken too.
  const rapidjson::Value& rejected = base::json_member(success, "rejectedLogRecords");
  if (rejected.IsUint64()) partial.rejected = rejected.GetUint64();
  if (!rejected.IsString()) return partial;
  const std::string_view digits = base::json_text(rejected);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), partial.rejected);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return partial;
}

std::optional<OtlpPartial> read_otlp_protobuf(std::string_view body) {
  constexpr protozero::pbf_tag_type kPartialSuccess = 1;
  constexpr protozero::pbf_tag_type kRejected = 1;
  constexpr protozero::pbf_tag_type kMessage = 2;
  OtlpPartial partial;
  try {
    protozero::pbf_reader response(body.data(), body.size());
    while (response.next()) {
      if (response.tag_and_type() !=
          protozero::tag_and_type(kPartialSuccess, protozero::pbf_wire_type::length_delimited)) {
        response.skip();
        continue;
      }
      protozero::pbf_reader inside = response.get_message();
      while (inside.next()) {
        if (inside.tag_and_type() == protozero::tag_and_type(kRejected, protozero::pbf_wire_type::varint)) {
          const std::int64_t rejected = inside.get_int64();
          partial.rejected = rejected > 0 ? static_cast<std::uint64_t>(rejected) : 0;
        } else if (inside.tag_and_type() ==
                   protozero::tag_and_type(kMessage, protozero::pbf_wire_type::length_delimited)) {
          partial.message = inside.get_string();
        } else {
          inside.skip();
        }
      }
    }
  } catch (const protozero::exception&) {
    return std::nullopt;  // not the data path's: what a server sends is any bytes
  }
  return partial;
}

std::unique_ptr<Sink> make_otlp_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed) {
  const auto& options = sink.options.as<HttpOptions>();
  return make_http_sink(
      sink, network, std::move(host), seed,
      std::make_unique<OtlpProduct>(options.own.as<OtlpOptions>(), parse_url(options.url).value().target));
}

}  // namespace naudit::output
