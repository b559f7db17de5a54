// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/relp/options.hpp"

#include "base/text.hpp"
#include "output/sinks/net/endpoint.hpp"

namespace naudit::output {
namespace {

using namespace std::chrono_literals;

// A frame's length has nine digits.
constexpr std::uint64_t kMostSize = 512 * config::kMiB;

void check(const RelpOptions& options, const config::Sink&, const config::Report& report) {
  if (!parse_endpoint(options.address)) {
    report("address", "expected host:port, like rsyslog.example:2514 or [2001:db8::1]:2514, not " +
                          base::in_quotes(options.address));
  }
  check_net(options, report);
}

}  // namespace

config::OptionTable relp_options() {
  config::OptionSpec<RelpOptions> spec{
      .rows =
          {
              {"address",
               config::text(&RelpOptions::address),
               "`host:port`, `[2001:db8::1]:port`.",
               {.example = "rsyslog.example:2514"}},
              {"max_size", config::size(&RelpOptions::max_size, 4 * config::kKiB, kMostSize),
               "What the server takes as one message (`maxDataSize` of imrelp). A larger event is lost, counted and "
               "told: the server would hang up at each attempt."},
              {"ack_timeout", config::duration(&RelpOptions::ack_timeout, 1s, 1h),
               "A message that is not answered by then is sent again over another connection."},
          },
      .check = check,
  };
  config::add_shared(spec.rows, net_options());
  return spec;
}

std::vector<std::string> relp_warnings(const config::Sink& sink, bool) {
  const auto& options = sink.options.as<RelpOptions>();
  std::vector<std::string> warnings = net_warnings(options);
  const auto endpoint = parse_endpoint(options.address);
  if (endpoint && !options.tls.enabled && !is_loopback(endpoint->host))
    warnings.emplace_back("tls is off: events cross the network readable by anybody");
  return warnings;
}

}  // namespace naudit::output
