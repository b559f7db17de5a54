// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/clickhouse/product.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/json.hpp"
#include "output/sinks/http/event_hash.hpp"
#include "output/sinks/http/sink.hpp"

namespace naudit::output {
namespace {

// `wait_end_of_query`: the status comes when everything is stored. Times as RFC 3339 writes them, unknown columns
// skipped.
constexpr std::string_view kSettings =
    "&input_format_skip_unknown_fields=1&date_time_input_format=best_effort&wait_end_of_query=1";

constexpr int kMemoryLimit = 241;
constexpr std::size_t kFewRows = 1000;  // with fewer it is not their number

// What an exception means (ClickHouse, src/Common/ErrorCodes.cpp). A code that is not here is no row's fault.
struct Code {
  int code;
  HttpVerdict verdict;
};
constexpr auto kCodes = std::to_array<Code>({
    {16, HttpVerdict::kConfiguration},   // no such column
    {26, HttpVerdict::kRefused},         // cannot parse quoted string
    {27, HttpVerdict::kRefused},         // cannot parse input
    {41, HttpVerdict::kRefused},         // cannot parse date and time
    {53, HttpVerdict::kRefused},         // type mismatch
    {60, HttpVerdict::kConfiguration},   // unknown table
    {81, HttpVerdict::kConfiguration},   // unknown database
    {117, HttpVerdict::kRefused},        // incorrect data
    {159, HttpVerdict::kRetry},          // time-out
    {192, HttpVerdict::kConfiguration},  // unknown user
    {193, HttpVerdict::kConfiguration},  // wrong password
    {194, HttpVerdict::kConfiguration},  // password required
    {202, HttpVerdict::kRetry},          // too many queries
    {203, HttpVerdict::kRetry},          // no free connection
    {209, HttpVerdict::kRetry},          // socket time-out
    {210, HttpVerdict::kRetry},          // network error
    {241, HttpVerdict::kRetry},          // memory limit
    {242, HttpVerdict::kRetry},          // table is read-only
    {252, HttpVerdict::kRetry},          // too many parts
    {285, HttpVerdict::kRetry},          // too few live replicas
    {319, HttpVerdict::kRetry},          // unknown status of an insert
    {497, HttpVerdict::kConfiguration},  // access denied
    {516, HttpVerdict::kConfiguration},  // authentication failed
    {999, HttpVerdict::kRetry},          // Keeper
});

void append_text(bool is_json, std::string_view name, std::string_view text, std::string& out) {
  out.append("\"").append(name).append("\":");
  if (is_json)
    out.append("\"").append(text).append("\"");
  else
    base::append_json_string(text, out);
  out += ',';
}

void append_number(std::string_view name, std::string_view digits, std::string& out) {
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) return;
  out.append("\"").append(name).append("\":").append(digits).append(",");
}

std::string insert_target(const std::string& target, const ClickhouseOptions& options) {
  std::string result = target + (target.find('?') == std::string::npos ? "?" : "&");
  result.append("query=INSERT%20INTO%20").append(options.table).append("%20FORMAT%20JSONEachRow").append(kSettings);
  for (const std::string& setting : options.settings) result.append("&").append(setting);
  return result;
}

}  // namespace

ClickhouseProduct::ClickhouseProduct(const ClickhouseOptions& options, const std::string& target)
    : deduplicates_(options.deduplicate) {
  traits_.content_type = "application/x-ndjson";
  traits_.target = insert_target(target, options);
  traits_.reply_kept = HttpClient::kBodyMost;
  traits_.header_kept = "X-ClickHouse-Exception-Code";
}

void ClickhouseProduct::write(std::span<const HttpEvent> events, std::string& body) {
  for (const HttpEvent& event : events) {
    const EventHead& head = event.head;
    body += '{';
    if (!head.time.empty()) {
      append_text(head.is_object, "time", head.time, body);
    } else if (head.millis) {
      std::string millis = std::to_string(*head.millis % 1000);
      millis.insert(0, 3 - millis.size(), '0');
      body.append(R"("time":")").append(std::to_string(*head.millis / 1000)).append(".").append(millis).append("\",");
    }
    append_text(head.is_object, "id", head.id, body);
    append_text(head.is_object, "node", head.node, body);
    append_text(head.is_object, "action", head.action, body);
    append_text(head.is_object, "kind", head.kind, body);
    append_text(head.is_object, "outcome", head.outcome, body);
    append_number("auid", head.auid, body);
    append_number("uid", head.uid, body);
    append_number("pid", head.pid, body);
    append_text(head.is_object, "exe", head.exe, body);
    body.append(R"("key":[)").append(head.keys).append(R"(],"event":)");
    base::append_json_string(event.text, body);
    body += "}\n";
  }
}

std::string ClickhouseProduct::query_of(std::string_view body) const {
  return deduplicates_ ? "&insert_deduplication_token=" + body_hash(body) : std::string();
}

HttpDecision ClickhouseProduct::judge(const HttpOutcome& outcome, std::size_t events,
                                      std::chrono::system_clock::time_point now) const {
  HttpDecision decision = output::judge(outcome, now);
  if (outcome.status == 0) return decision;
  std::optional<int> code = read_clickhouse_code(outcome.body);
  if (!code && !outcome.header.empty()) code = read_clickhouse_code("Code: " + outcome.header + ".");
  if (decision.verdict == HttpVerdict::kDelivered && (!outcome.body.empty() || code || !outcome.error.empty())) {
    decision.verdict = HttpVerdict::kRetry;
    decision.text =
        std::to_string(outcome.status) + " with an answer that says otherwise: " + quoted_answer(outcome.body);
  }
  // Debian's answers 404 to a table that is not there.
  if (outcome.status == 404) decision.verdict = HttpVerdict::kConfiguration;
  if (code) {
    const auto* const row = std::ranges::find(kCodes, *code, &Code::code);
    if (row != kCodes.end())
      decision.verdict = row->verdict;
    else if (outcome.status < 500)
      decision.verdict = HttpVerdict::kConfiguration;  // of the insert itself, not of a row
  }
  const bool too_much = code == kMemoryLimit && events > kFewRows;
  if ((decision.verdict == HttpVerdict::kRefused && events > 1) || too_much) decision.verdict = HttpVerdict::kSplit;
  return decision;
}

std::optional<int> read_clickhouse_code(std::string_view body) {
  constexpr std::string_view kWord = "Code: ";
  const std::size_t at = body.find(kWord);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = body.substr(at + kWord.size());
  int code = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), code);
  const std::string_view behind(end, rest.data() + rest.size());
  if (error != std::errc{} || code <= 0 || !(behind.starts_with('.') || behind.starts_with(','))) return std::nullopt;
  return code;
}

std::unique_ptr<Sink> make_clickhouse_sink(const config::Sink& sink, Network& network, SinkHost host,
                                           std::uint64_t seed) {
  const auto& options = sink.options.as<HttpOptions>();
  return make_http_sink(
      sink, network, std::move(host), seed,
      std::make_unique<ClickhouseProduct>(options.own.as<ClickhouseOptions>(), parse_url(options.url).value().target));
}

}  // namespace naudit::output
