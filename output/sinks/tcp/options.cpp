// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/tcp/options.hpp"

#include "base/text.hpp"
#include "output/sinks/net/endpoint.hpp"

namespace naudit::output {
namespace {

void check(const TcpOptions& options, const config::Sink&, const config::Report& report) {
  if (!parse_endpoint(options.address)) {
    report("address",
           "expected host:port, like siem.example:6514 or [2001:db8::1]:6514, not " + base::in_quotes(options.address));
  }
  check_net(options, report);
}

}  // namespace

config::OptionTable tcp_options() {
  config::OptionSpec<TcpOptions> spec{
      .rows = {{"address",
                config::text(&TcpOptions::address),
                "`host:port`, `[2001:db8::1]:port`.",
                {.example = "siem.example:6514"}}},
      .check = check,
  };
  config::add_shared(spec.rows, net_options());
  return spec;
}

std::vector<std::string> tcp_warnings(const config::Sink& sink, bool) {
  const auto& options = sink.options.as<TcpOptions>();
  std::vector<std::string> warnings = net_warnings(options);
  const auto endpoint = parse_endpoint(options.address);
  if (endpoint && !options.tls.enabled && !is_loopback(endpoint->host))
    warnings.emplace_back("tls is off: events cross the network readable by anybody");
  return warnings;
}

}  // namespace naudit::output
