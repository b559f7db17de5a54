// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/loki/options.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "base/text.hpp"
#include "output/sinks/http/secret_file.hpp"

namespace naudit::output {
namespace {

// Loki's limits (docs, limits_config): 15 labels a stream, names of 1024 and values of 2048 bytes; ours are two more.
constexpr std::size_t kMostLabels = 13;
constexpr std::size_t kLongestValue = 2048;
constexpr std::size_t kLongestName = 1024;

bool is_label(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == std::string_view::npos || equals > kLongestName) return false;
  const std::string_view name = text.substr(0, equals);
  const std::size_t value = text.size() - equals - 1;
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return value > 0 && value <= kLongestValue && is_letter(name.front()) &&
         std::ranges::all_of(name, [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

void complete(HttpOptions& options, const config::Written& written) {
  complete_http(options, written);
  (void)options.own.edit<LokiOptions>();
  if (!written.has("compression")) options.compression = HttpCompression::kGzip;
}

void check(const HttpOptions& options, const config::Sink& sink, const config::Report& report) {
  check_http(options, sink, report);
  const auto& own = options.own.as<LokiOptions>();
  if (options.compression == HttpCompression::kZstd) report("compression", "Loki takes gzip or none");
  if (!own.tenant.empty() && !is_header("X-Scope-OrgID: " + own.tenant))
    report("tenant", "expected the name of a tenant, not " + base::in_quotes(own.tenant));
  std::set<std::string_view> names = {"host", "kind"};
  for (const std::string& label : own.labels)
    if (!is_label(label))
      report("labels", "expected labels like 'job=nauditd', not " + base::in_quotes(label));
    else if (!names.insert(std::string_view(label).substr(0, label.find('='))).second)
      report("labels", "there is a label " + base::in_quotes(label.substr(0, label.find('='))) + " already");
  if (own.labels.size() > kMostLabels) report("labels", "Loki takes 15 labels, and two are ours: host and kind");
}

}  // namespace

config::OptionTable loki_options() {
  config::OptionSpec<HttpOptions> spec{
      .rows = http_rows("https://loki.example:3100"),
      .complete = complete,
      .check = check,
  };
  spec.rows.push_back({"tenant",
                       config::text(own(&LokiOptions::tenant)),
                       "Whose logs these are (`X-Scope-OrgID`).",
                       {.otherwise = "none"}});
  spec.rows.push_back({"labels",
                       config::list(own(&LokiOptions::labels)),
                       "Labels of every stream, beside `host` and `kind`.",
                       {.otherwise = "job=nauditd"}});
  spec.rows.push_back({"metadata", config::flag(own(&LokiOptions::metadata)),
                       "Id, action, outcome and keys as structured metadata beside each line; needs Loki 2.9."});
  return spec;
}

std::vector<std::string> loki_warnings(const config::Sink& sink, bool) {
  return http_warnings(sink);
}

}  // namespace naudit::output
