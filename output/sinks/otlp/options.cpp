// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/otlp/options.hpp"

#include <array>
#include <string_view>

namespace naudit::output {
namespace {

constexpr std::array<std::string_view, 2> kEncodings = {"protobuf", "json"};

void complete(HttpOptions& options, const config::Written& written) {
  complete_http(options, written);
  (void)options.own.edit<OtlpOptions>();
  if (!written.has("compression")) options.compression = HttpCompression::kGzip;
}

}  // namespace

config::OptionTable otlp_options() {
  config::OptionSpec<HttpOptions> spec{
      .rows = http_rows("https://collector.example:4318"),
      .complete = complete,
      .check = check_http,
  };
  spec.rows.push_back({"encoding", config::choice(own(&OtlpOptions::encoding), kEncodings),
                       "`protobuf`, which is smaller, or `json`."});
  return spec;
}

std::vector<std::string> otlp_warnings(const config::Sink& sink, bool) {
  return http_warnings(sink);
}

}  // namespace naudit::output
