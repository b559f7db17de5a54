// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/splunk/product.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <rapidjson/document.h>

#include "base/json.hpp"
#include "output/sinks/http/event_hash.hpp"
#include "output/sinks/http/sink.hpp"

namespace naudit::output {
namespace {

constexpr std::string_view kEvents = "/services/collector/event";
constexpr std::string_view kAcks = "/services/collector/ack";

// What the codes mean where the status alone does not tell (Splunk's manual, "Troubleshoot HTTP Event Collector").
struct Code {
  int code;
  HttpVerdict verdict;
};
constexpr auto kCodes = std::to_array<Code>({
    {0, HttpVerdict::kDelivered},      {1, HttpVerdict::kConfiguration},  // token disabled
    {2, HttpVerdict::kConfiguration},                                     // token required
    {3, HttpVerdict::kConfiguration},                                     // invalid authorization
    {4, HttpVerdict::kConfiguration},                                     // invalid token
    {5, HttpVerdict::kRefused},                                           // no data
    {6, HttpVerdict::kRefused},                                           // invalid data format
    {7, HttpVerdict::kRefused},                                           // incorrect index
    {8, HttpVerdict::kRetry},                                             // internal error
    {9, HttpVerdict::kRetry},                                             // busy
    {10, HttpVerdict::kConfiguration},                                    // channel missing
    {11, HttpVerdict::kConfiguration},                                    // invalid channel
    {12, HttpVerdict::kRefused},                                          // event field required
    {13, HttpVerdict::kRefused},                                          // event field blank
    {14, HttpVerdict::kConfiguration},                                    // acknowledgement disabled
    {15, HttpVerdict::kRefused},                                          // indexed fields
    {16, HttpVerdict::kConfiguration},                                    // authorization by query string
    {18, HttpVerdict::kRetry},                                            // unhealthy: queues,
    {19, HttpVerdict::kRetry},                                            // acknowledgements,
    {20, HttpVerdict::kRetry},                                            // both
    {23, HttpVerdict::kRetry},                                            // shutting down
    {26, HttpVerdict::kRetry},                                            // queue full
    {27, HttpVerdict::kRetry},                                            // handler full
});

// A piece of a JSON text as it is, of another text with escapes.
void append_text(bool is_json, std::string_view text, std::string& out) {
  if (is_json)
    out.append("\"").append(text).append("\"");
  else
    base::append_json_string(text, out);
}

std::string path_of(const std::string& target, std::string_view usual) {
  return target.empty() || target == "/" ? std::string(usual) : target;
}

}  // namespace

SplunkProduct::SplunkProduct(SplunkOptions options, const std::string& target, std::string boot, std::uint64_t seed)
    : options_(std::move(options)), boot_(std::move(boot)), random_(seed) {
  traits_.content_type = "application/json";
  traits_.target = path_of(target, kEvents);
  traits_.token_scheme = "Splunk";
  traits_.reply_kept = HttpClient::kBodyMost;
  traits_.ask_every = options_.acks.every;
  traits_.confirmed_within = options_.acks.within;
  SplunkProduct::forget_receipts();
}

// A channel is a GUID: version 4 of RFC 9562.
void SplunkProduct::forget_receipts() {
  const std::uint64_t high = (random_() & 0xffffffffffff0fffU) | 0x4000U;
  const std::uint64_t low = (random_() & 0x3fffffffffffffffU) | 0x8000000000000000U;
  channel_ = fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32U, high >> 16U & 0xffffU, high & 0xffffU,
                         low >> 48U, low & 0xffffffffffffU);
}

void SplunkProduct::write(std::span<const HttpEvent> events, std::string& body) {
  for (const HttpEvent& event : events) {
    const EventHead& head = event.head;
    body += '{';
    if (head.millis)
      fmt::format_to(std::back_inserter(body), R"("time":{}.{:03},)", *head.millis / 1000, *head.millis % 1000);
    if (!head.node.empty()) {
      body += R"("host":)";
      append_text(head.is_object, head.node, body);
      body += ',';
    }
    body += R"("source":)";
    base::append_json_string(options_.source, body);
    body += R"(,"sourcetype":)";
    base::append_json_string(options_.sourcetype, body);
    if (!options_.index.empty()) body.append(R"(,"index":")").append(options_.index).append("\"");
    body += R"(,"event":)";
    if (head.is_object)
      body += event.text;
    else
      base::append_json_string(event.text, body);
    body.append(R"(,"fields":{"event_id":")").append(event_hash(boot_, event)).append("\"}}");
  }
}

std::vector<std::string> SplunkProduct::headers() const {
  return {"X-Splunk-Request-Channel: " + channel_};
}

HttpDecision SplunkProduct::judge(const HttpOutcome& outcome, std::size_t events,
                                  std::chrono::system_clock::time_point now) const {
  HttpDecision decision = output::judge(outcome, now);
  if (outcome.status == 404 || outcome.status == 405) decision.verdict = HttpVerdict::kConfiguration;
  if (outcome.status == 0 || outcome.status == 413) return decision;
  const auto reply = outcome.error.empty() ? read_splunk_reply(outcome.body) : std::nullopt;
  if (!reply || reply->code < 0) {
    // A proxy's page, or what is left of an answer: 2xx says nothing of events, and 400 nothing of a single one.
    if (decision.verdict == HttpVerdict::kDelivered) {
      decision.verdict = HttpVerdict::kRetry;
      decision.text =
          std::to_string(outcome.status) + " with what is no answer of the collector: " + quoted_answer(outcome.body);
    }
    return decision;
  }
  const auto* const row = std::ranges::find(kCodes, reply->code, &Code::code);
  const bool is_good = outcome.status >= 200 && outcome.status < 300;
  if (row != kCodes.end() && (row->verdict != HttpVerdict::kDelivered || is_good)) decision.verdict = row->verdict;
  if (decision.verdict == HttpVerdict::kDelivered && reply->ack_id >= 0) {
    decision.verdict = HttpVerdict::kAwait;
    decision.receipt = std::to_string(reply->ack_id);
  }
  if (decision.verdict != HttpVerdict::kRefused || events <= 1) return decision;
  if (reply->invalid_event < 0 || static_cast<std::uint64_t>(reply->invalid_event) >= events) {
    // It does not say which one: the halves will.
    decision.verdict = HttpVerdict::kSplit;
    return decision;
  }
  decision.verdict = HttpVerdict::kEach;
  const auto at = static_cast<std::size_t>(reply->invalid_event);
  decision.fates.assign(events, {EventFate::Is::kDelivered, 200, {}});
  decision.fates[at] = {EventFate::Is::kRefused, outcome.status, decision.text};
  for (std::size_t i = at + 1; i < events; ++i) decision.fates[i] = {EventFate::Is::kAtOnce, 0, {}};
  return decision;
}

HttpQuestion SplunkProduct::ask(std::span<const std::string> receipts) const {
  HttpQuestion question{std::string(kAcks) + "?channel=" + channel_, R"({"acks":[)"};
  if (const std::size_t at = traits_.target.rfind("/event"); at != std::string::npos)
    question.target = traits_.target.substr(0, at) + "/ack?channel=" + channel_;
  for (const std::string& receipt : receipts) question.body.append(receipt).append(",");
  question.body.back() = ']';
  question.body += '}';
  return question;
}

std::optional<std::vector<std::string>> SplunkProduct::confirmed(const HttpOutcome& outcome) const {
  if (outcome.status != 200 || !outcome.error.empty()) return std::nullopt;
  return read_splunk_acks(outcome.body);
}

std::optional<SplunkReply> read_splunk_reply(std::string_view body) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(body.data(), body.size());
  if (document.HasParseError() || !document.IsObject()) return std::nullopt;
  const auto number = [&](const char* name) -> std::int64_t {
    const rapidjson::Value& value = base::json_member(document, name);
    return value.IsInt64() && value.GetInt64() >= 0 ? value.GetInt64() : -1;
  };
  SplunkReply reply;
  reply.code = static_cast<int>(std::min<std::int64_t>(number("code"), 999));
  reply.ack_id = number("ackId");
  reply.invalid_event = number("invalid-event-number");
  return reply;
}

std::optional<std::vector<std::string>> read_splunk_acks(std::string_view body) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(body.data(), body.size());
  if (document.HasParseError() || !document.IsObject()) return std::nullopt;
  const rapidjson::Value& acks = base::json_member(document, "acks");
  if (!acks.IsObject()) return std::nullopt;
  std::vector<std::string> confirmed;
  for (const auto& member : acks.GetObject())
    if (member.value.IsTrue()) confirmed.emplace_back(member.name.GetString(), member.name.GetStringLength());
  return confirmed;
}

std::unique_ptr<Sink> make_splunk_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed) {
  const auto& options = sink.options.as<HttpOptions>();
  return make_http_sink(sink, network, std::move(host), seed,
                        std::make_unique<SplunkProduct>(options.own.as<SplunkOptions>(),
                                                        parse_url(options.url).value().target, read_boot_id(), seed));
}

}  // namespace naudit::output
