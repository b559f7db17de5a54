// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/tcp/options.hpp"

namespace naudit::output {
namespace {

void check(const TcpOptions& options, const config::Sink&, const config::Report& report) {
  if (options.address.empty()) report("address", "is missing; write host:port, like siem.example:6514");
  check_hosts(options, report);
}

}  // namespace

config::OptionTable tcp_options() {
  config::OptionSpec<TcpOptions> spec{
      .rows = {{"address",
                addresses<TcpOptions>(),
                "`host:port`, `[2001:db8::1]:port`, or a list of them.",
                {.example = "siem.example:6514"}}},
      .check = check,
  };
  config::add_shared(spec.rows, stream_options());
  return spec;
}

std::vector<std::string> tcp_warnings(const config::Sink& sink, bool) {
  return host_warnings(sink.options.as<TcpOptions>());
}

}  // namespace naudit::output
