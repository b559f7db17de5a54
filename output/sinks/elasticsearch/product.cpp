// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/elasticsearch/product.hpp"

#include <algorithm>
#include <utility>

#include "output/sinks/http/event_hash.hpp"
#include "output/sinks/http/sink.hpp"

namespace naudit::output {
namespace {

// What of an answer is asked for: without it each item tells its index, shards and sequence numbers too.
constexpr std::string_view kFilter = "filter_path=took,errors,items.*.status,items.*.error.type,items.*.error.reason";

std::string bulk_target(const std::string& target, const ElasticsearchOptions& options) {
  constexpr std::string_view kBulk = "_bulk";
  const std::size_t query = std::min(target.find('?'), target.size());
  std::string path = target.substr(0, query);
  if (!path.ends_with(kBulk)) path.append(path.ends_with('/') ? "" : "/").append(kBulk);
  std::string parameters = target.substr(std::min(query + 1, target.size()));
  if (!parameters.empty()) parameters += '&';
  parameters += kFilter;
  if (!options.pipeline.empty()) parameters += "&pipeline=" + options.pipeline;
  return path + '?' + parameters;
}

}  // namespace

ElasticsearchProduct::ElasticsearchProduct(ElasticsearchOptions options, const std::string& target, std::string boot)
    : options_(std::move(options)), boot_(std::move(boot)) {
  traits_.content_type = "application/x-ndjson";
  traits_.target = bulk_target(target, options_);
  traits_.token_scheme = "ApiKey";
  traits_.reply_kept = HttpClient::kBodyMost;
}

void ElasticsearchProduct::write(std::span<const HttpEvent> events, std::string& body) {
  for (const HttpEvent& event : events) {
    body.append(R"({"create":{"_index":")").append(options_.index);
    if (options_.ids == DocumentIds::kEvent) body.append(R"(","_id":")").append(event_hash(boot_, event));
    body.append("\"}}\n");
    const EventHead& head = event.head;
    if (head.has_timestamp || head.time.empty()) {
      body.append(event.text);
    } else {
      body.append(R"({"@timestamp":")").append(head.time).append("\",");
      body.append(event.text.substr(event.text.find('{') + 1));
    }
    body += '\n';
  }
}

HttpDecision ElasticsearchProduct::judge(const HttpOutcome& outcome, std::size_t events,
                                         std::chrono::system_clock::time_point now) const {
  HttpDecision decision = output::judge(outcome, now);
  // The url is not that of a bulk API: nothing that an event could be blamed for.
  if (outcome.status == 404 || outcome.status == 405) decision.verdict = HttpVerdict::kConfiguration;
  if (decision.verdict != HttpVerdict::kDelivered) return decision;
  decision.verdict = HttpVerdict::kRetry;
  if (!outcome.error.empty()) {
    decision.text = "200 with a broken body: " + outcome.error;
  } else if (!read_bulk_reply(outcome.body, events, decision.fates)) {
    decision.text = "200 with what is no answer of _bulk: " + quoted_answer(outcome.body);
  } else {
    const bool all =
        std::ranges::all_of(decision.fates, [](const EventFate& fate) { return fate.is == EventFate::Is::kDelivered; });
    decision.verdict = all ? HttpVerdict::kDelivered : HttpVerdict::kEach;
    decision.wait = parse_retry_after(outcome.retry_after, now);
  }
  return decision;
}

std::unique_ptr<Sink> make_elasticsearch_sink(const config::Sink& sink, Network& network, SinkHost host,
                                              std::uint64_t seed) {
  const auto& options = sink.options.as<HttpOptions>();
  return make_http_sink(sink, network, std::move(host), seed,
                        std::make_unique<ElasticsearchProduct>(options.own.as<ElasticsearchOptions>(),
                                                               parse_url(options.url).value().target, read_boot_id()));
}

}  // namespace naudit::output
