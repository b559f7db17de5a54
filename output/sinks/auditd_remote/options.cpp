// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/auditd_remote/options.hpp"

#include <array>

#include "base/text.hpp"
#include "formats/auditd/options.hpp"
#include "formats/registry.hpp"

namespace naudit::output {
namespace {

using namespace std::chrono_literals;

constexpr std::array<std::string_view, 2> kProtocols = {"managed", "ascii"};
constexpr std::uint32_t kMostWindow = 4096;
constexpr std::uint64_t kLeastSize = 1024, kMostSize = 65'535;  // a message's length has 16 bits

bool has_records(const config::Sink& sink) {
  const formats::Format* const format = formats::find_format(sink.format);
  return format != nullptr && format->lines_are_records;
}

void check(const AuditdRemoteOptions& options, const config::Sink& sink, const config::Report& report) {
  if (options.address.empty()) report("address", "is missing; write host:port, like loghost.example:60");
  if (!has_records(sink))
    report("format", "auditd takes records, and the format " + base::in_quotes(sink.format) +
                         " has none; write 'format: enriched', or raw");
  check_hosts(options, report);
}

}  // namespace

config::OptionTable auditd_remote_options() {
  config::OptionSpec<AuditdRemoteOptions> spec{
      .rows =
          {
              {"address",
               addresses<AuditdRemoteOptions>(),
               "`host:port`, `[2001:db8::1]:port`, or a list of them. auditd's port is 60.",
               {.example = "loghost.example:60"}},
              {"protocol", config::choice(&AuditdRemoteOptions::protocol, kProtocols),
               "`managed`: auditd's own, which answers each record; `ascii`: lines without an answer, for receivers of "
               "another kind, as auditd itself leaves them out."},
              {"window", config::number(&AuditdRemoteOptions::window, 1, kMostWindow),
               "So many records may be unanswered at a time. `1`: each waits for the answer to the one before it, as "
               "with audisp-remote."},
              {"max_size", config::size(&AuditdRemoteOptions::max_size, kLeastSize, kMostSize),
               "A longer record is cut to this and counted: auditd hangs up at one with more than 8954 bytes."},
              {"heartbeat_timeout", config::duration(&AuditdRemoteOptions::heartbeat_timeout, 0ms, 24h),
               "After so long a silence auditd is asked for a sign of life; less than its `tcp_client_max_idle`. `0`: "
               "never."},
              {"ack_timeout", config::duration(&AuditdRemoteOptions::ack_timeout, 1s, 1h),
               "A record, or sign of life, that is not answered by then ends the connection, and is sent again over "
               "another one."},
          },
      .check = check,
  };
  config::add_shared(spec.rows, host_options());
  return spec;
}

std::vector<std::string> auditd_remote_warnings(const config::Sink& sink, bool) {
  const auto& options = sink.options.as<AuditdRemoteOptions>();
  std::vector<std::string> warnings = host_warnings(options);
  if (options.protocol == AuditdFraming::kAscii)
    warnings.emplace_back(
        "protocol ascii: auditd itself leaves lines out; what the peer's kernel has counts as delivered");
  if (has_records(sink) && !formats::shows_node(sink.format_options))
    warnings.push_back("records do not say which machine they are of; write '" + sink.format + ": {node: true}'");
  return warnings;
}

}  // namespace naudit::output
