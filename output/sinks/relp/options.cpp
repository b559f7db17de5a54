// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/relp/options.hpp"

#include "output/sinks/syslog/encoder.hpp"

namespace naudit::output {
namespace {

using namespace std::chrono_literals;

// A frame's length has nine digits.
constexpr std::uint64_t kMostSize = 512 * config::kMiB;

void check(const RelpOptions& options, const config::Sink&, const config::Report& report) {
  if (options.address.empty()) report("address", "is missing; write host:port, like rsyslog.example:2514");
  check_head(options, report);
  check_hosts(options, report);
}

}  // namespace

config::OptionTable relp_options() {
  config::OptionSpec<RelpOptions> spec{
      .rows =
          {
              {"address",
               addresses<RelpOptions>(),
               "`host:port`, `[2001:db8::1]:port`, or a list of them.",
               {.example = "rsyslog.example:2514"}},
              {"max_size", config::size(&RelpOptions::max_size, 4 * config::kKiB, kMostSize),
               "What the server takes as one message (`maxDataSize` of imrelp). An event with a larger one is lost, "
               "counted and told: the server would hang up at each attempt."},
              {"ack_timeout", config::duration(&RelpOptions::ack_timeout, 1s, 1h),
               "A message that is not answered by then is sent again over another connection."},
          },
      .complete = [](RelpOptions& options, const config::Written& written) { complete_head(options, written); },
      .check = check,
  };
  config::add_shared(spec.rows, syslog_head_options());
  config::add_shared(spec.rows, host_options());
  return spec;
}

formats::Envelope relp_envelope(const config::Sink& sink) {
  return {.make = make_syslog_encoder, .options = sink.options.as<RelpOptions>().head};
}

std::vector<std::string> relp_warnings(const config::Sink& sink, bool) {
  return host_warnings(sink.options.as<RelpOptions>());
}

}  // namespace naudit::output
