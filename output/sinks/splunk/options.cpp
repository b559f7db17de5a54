// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/splunk/options.hpp"

#include <algorithm>
#include <string_view>

#include "base/text.hpp"
#include "base/units.hpp"

namespace naudit::output {
namespace {

using namespace std::chrono_literals;

bool is_index(std::string_view name) {
  return std::ranges::all_of(
      name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; });
}

void complete(HttpOptions& options, const config::Written& written) {
  complete_http(options, written);
  (void)options.own.edit<SplunkOptions>();
  if (!written.has("compression")) options.compression = HttpCompression::kGzip;
}

void check(const HttpOptions& options, const config::Sink& sink, const config::Report& report) {
  check_http(options, sink, report);
  const auto& own = options.own.as<SplunkOptions>();
  if (!is_index(own.index))
    report("index", "expected an index of lower-case letters, digits, '_' and '-', not " + base::in_quotes(own.index));
  if (options.token_file.empty() && options.headers_file.empty())
    report("token_file", "Splunk's collector takes nothing without a token; write its file here");
  if (options.compression == HttpCompression::kZstd) report("compression", "Splunk takes gzip or none");
  if (own.acks.every > own.acks.within)
    report("acks", "it would be asked every " + base::duration_text(own.acks.every) + " and given up before, after " +
                       base::duration_text(own.acks.within));
}

}  // namespace

config::OptionTable splunk_options() {
  config::OptionSpec<HttpOptions> spec{
      .rows = http_rows("https://splunk.example:8088"),
      .complete = complete,
      .check = check,
  };
  const std::vector<config::Option<HttpOptions>> rows = {
      {"index", config::text(own(&SplunkOptions::index)), "The index.", {.otherwise = "the token's"}},
      {"source", config::text(own(&SplunkOptions::source)), "What Splunk calls the source."},
      {"sourcetype", config::text(own(&SplunkOptions::sourcetype)), "What Splunk calls the source type."},
      {"acks.every", config::duration(own(&SplunkOptions::acks, &SplunkAcks::every), 10ms, 1min),
       "Of a token with indexer acknowledgement: how often it is asked what is acknowledged."},
      {"acks.within", config::duration(own(&SplunkOptions::acks, &SplunkAcks::within), 100ms, 1h),
       "What is not acknowledged by then is sent again."},
  };
  spec.rows.insert(spec.rows.end(), rows.begin(), rows.end());
  return spec;
}

std::vector<std::string> splunk_warnings(const config::Sink& sink, bool) {
  return http_warnings(sink);
}

}  // namespace naudit::output
