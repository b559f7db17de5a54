// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/loki/product.hpp"

#include <charconv>
#include <map>
#include <utility>

#include "base/json.hpp"
#include "output/sinks/http/sink.hpp"

namespace naudit::output {
namespace {

// `text` stands between quotes if it is JSON.
void append_text(bool is_json, std::string_view text, std::string& out) {
  if (is_json)
    out.append("\"").append(text).append("\"");
  else
    base::append_json_string(text, out);
}

void append_member(const EventHead& head, std::string_view name, std::string_view value, std::string& out) {
  if (value.empty()) return;
  out.append("\"").append(name).append("\":");
  append_text(head.is_object, value, out);
  out += ',';
}

void end_object(std::string& out) {
  if (out.ends_with(',')) out.pop_back();
  out += '}';
}

// The first of the array's inside: a key is more often alone.
std::string_view first_key(std::string_view keys) {
  if (!keys.starts_with('"')) return {};
  for (std::size_t i = 1; i < keys.size(); i += keys[i] == '\\' ? 2U : 1U)
    if (keys[i] == '"') return keys.substr(1, i - 1);
  return {};
}

bool is_final_429(std::string_view body) {
  return body.find("ine too long") != std::string_view::npos || body.find("max entry size") != std::string_view::npos;
}

}  // namespace

LokiProduct::LokiProduct(LokiOptions options, const std::string& target) : options_(std::move(options)) {
  traits_.content_type = "application/json";
  traits_.target = target == "/" ? "/loki/api/v1/push" : target;
  traits_.reply_kept = HttpClient::kBodyMost;
  for (const std::string& label : options_.labels) {
    const std::size_t equals = label.find('=');
    base::append_json_string(label.substr(0, equals), labels_);
    labels_ += ':';
    base::append_json_string(label.substr(equals + 1), labels_);
    labels_ += ',';
  }
}

void LokiProduct::write(std::span<const HttpEvent> events, std::string& body) {
  std::map<std::pair<std::string_view, std::string_view>, std::string> streams;  // by host and kind
  for (const HttpEvent& event : events) {
    const EventHead& head = event.head;
    std::string& values = streams[{head.node, head.kind}];
    // A time that is not known is 0, which Loki refuses as too old: such an event goes aside, not astray.
    values.append("[\"").append(std::to_string(head.millis.value_or(0))).append("000000\",");
    base::append_json_string(event.text, values);
    if (options_.metadata) {
      values += ",{";
      append_member(head, "id", head.id, values);
      append_member(head, "action", head.action, values);
      append_member(head, "outcome", head.outcome, values);
      append_member(head, "key", first_key(head.keys), values);
      end_object(values);
    }
    values += "],";
  }
  body += R"({"streams":[)";
  for (auto& [which, values] : streams) {
    const auto& [host, kind] = which;
    EventHead head;
    head.is_object = !kind.empty();  // only JSON tells its kind
    body.append(R"({"stream":{)").append(labels_);
    append_member(head, "host", host, body);
    append_member(head, "kind", kind, body);
    end_object(body);
    values.pop_back();
    body.append(R"(,"values":[)").append(values).append("]},");
  }
  body.back() = ']';
  body += '}';
}

std::vector<std::string> LokiProduct::headers() const {
  if (options_.tenant.empty()) return {};
  return {"X-Scope-OrgID: " + options_.tenant};
}

HttpDecision LokiProduct::judge(const HttpOutcome& outcome, std::size_t events,
                                std::chrono::system_clock::time_point now) const {
  HttpDecision decision = output::judge(outcome, now);
  if (outcome.status == 404 || outcome.status == 405) decision.verdict = HttpVerdict::kConfiguration;
  // Loki has nothing to say of what it takes; a page is somebody else's.
  if (decision.verdict == HttpVerdict::kDelivered && !outcome.body.empty()) {
    decision.verdict = HttpVerdict::kRetry;
    decision.text = std::to_string(outcome.status) + " with what is no answer of Loki: " + quoted_answer(outcome.body);
  }
  if (outcome.status == 400 || (outcome.status == 429 && is_final_429(outcome.body))) {
    const bool all = events <= 1 || read_ignored(outcome.body) == events;
    decision.verdict = all ? HttpVerdict::kRefused : HttpVerdict::kSplit;
  }
  return decision;
}

std::optional<std::uint64_t> read_ignored(std::string_view body) {
  constexpr std::string_view kWords = "total ignored: ";
  const std::size_t at = body.rfind(kWords);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = body.substr(at + kWords.size());
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (error != std::errc{} || !std::string_view(end, rest.data() + rest.size()).starts_with(" out of "))
    return std::nullopt;
  return number;
}

std::unique_ptr<Sink> make_loki_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed) {
  const auto& options = sink.options.as<HttpOptions>();
  return make_http_sink(
      sink, network, std::move(host), seed,
      std::make_unique<LokiProduct>(options.own.as<LokiOptions>(), parse_url(options.url).value().target));
}

}  // namespace naudit::output
