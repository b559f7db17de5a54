// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/elasticsearch/options.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.hpp"

namespace naudit::output {
namespace {

constexpr std::array<std::string_view, 2> kIds = {"event", "none"};
constexpr std::size_t kLongestIndex = 255;

// What Elasticsearch takes: lower case, no separators of paths, lists or patterns (MetadataCreateIndexService).
bool is_index(std::string_view name) {
  constexpr std::string_view kForbidden = "\\/*?\"<>|,#: ";
  return !name.empty() && name.size() <= kLongestIndex && name.front() != '-' && name.front() != '_' &&
         name.front() != '+' && name != "." && name != ".." && std::ranges::all_of(name, [&](char c) {
           return c > ' ' && c != '\x7f' && !(c >= 'A' && c <= 'Z') && kForbidden.find(c) == std::string_view::npos;
         });
}

void complete(HttpOptions& options, const config::Written& written) {
  complete_http(options, written);
  (void)options.own.edit<ElasticsearchOptions>();
  if (!written.has("compression")) options.compression = HttpCompression::kGzip;
}

void check(const HttpOptions& options, const config::Sink& sink, const config::Report& report) {
  check_http(options, sink, report);
  check_json(sink, "Elasticsearch", report);
  const auto& own = options.own.as<ElasticsearchOptions>();
  if (!is_index(own.index))
    report("index", "expected an index, data stream or alias in lower case, not " + base::in_quotes(own.index));
  if (!own.pipeline.empty() && (!is_index(own.pipeline) || own.pipeline.find_first_of("&=%+;") != std::string::npos))
    report("pipeline", "expected the name of an ingest pipeline, not " + base::in_quotes(own.pipeline));
}

}  // namespace

config::OptionTable elasticsearch_options() {
  config::OptionSpec<HttpOptions> spec{
      .rows = http_rows("https://search.example:9200"),
      .complete = complete,
      .check = check,
  };
  spec.rows.push_back(
      {"index", config::text(own(&ElasticsearchOptions::index)),
       "The index, data stream or alias that takes the events; documents are created, never replaced."});
  spec.rows.push_back(
      {"ids", config::choice(own(&ElasticsearchOptions::ids), kIds),
       "`event`: a document's id is the event's, so that what is sent twice is stored once. `none`: the "
       "server's own, which is a little faster."});
  spec.rows.push_back({"pipeline",
                       config::text(own(&ElasticsearchOptions::pipeline)),
                       "An ingest pipeline of the server's.",
                       {.otherwise = "none"}});
  return spec;
}

std::vector<std::string> elasticsearch_warnings(const config::Sink& sink, bool) {
  return http_warnings(sink);
}

}  // namespace naudit::output
