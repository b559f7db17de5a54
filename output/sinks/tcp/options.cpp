// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/tcp/options.hpp"

#include "base/text.hpp"

namespace naudit::output {
namespace {

void check(const TcpOptions& options, const config::Sink& sink, const config::Report& report) {
  if (options.address.empty()) report("address", "is missing; write host:port, like siem.example:6514");
  if (options.ack && options.framing == Framing::kNewline && sink.format != "json")
    report("ack", "counts messages, and an event has several lines in the format " + base::in_quotes(sink.format) +
                      "; write 'framing: octet-counted' as well");
  check_hosts(options, report);
}

}  // namespace

config::OptionTable tcp_options() {
  config::OptionSpec<TcpOptions> spec{
      .rows =
          {{"address",
            addresses<TcpOptions>(),
            "`host:port`, `[2001:db8::1]:port`, or a list of them.",
            {.example = "siem.example:6514"}},
           {"ack", config::flag(&TcpOptions::ack),
            "`true`: the peer is a [collector](collector.md) and says which events it has accepted; what it has not "
            "is sent again. Else an event is delivered once the peer's kernel has it."}},
      .check = check,
  };
  config::add_shared(spec.rows, stream_options());
  return spec;
}

std::vector<std::string> tcp_warnings(const config::Sink& sink, bool) {
  return host_warnings(sink.options.as<TcpOptions>());
}

}  // namespace naudit::output
