// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/syslog/options.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "base/text.hpp"
#include "formats/registry.hpp"
#include "output/sinks/syslog/encoder.hpp"

namespace naudit::output {
namespace {

using config::nested;

constexpr std::array<std::string_view, 4> kTransports = {"unix", "unix-stream", "udp", "tcp"};
constexpr std::array<std::string_view, 2> kStandards = {"rfc5424", "rfc3164"};
constexpr std::array<std::string_view, 24> kFacilities = {"kern",   "user",   "mail",   "daemon", "auth",     "syslog",
                                                          "lpr",    "news",   "uucp",   "cron",   "authpriv", "ftp",
                                                          "ntp",    "audit",  "alert",  "clock",  "local0",   "local1",
                                                          "local2", "local3", "local4", "local5", "local6",   "local7"};
constexpr std::uint64_t kLeastSize = 1024;  // every header fits
constexpr std::uint64_t kMostSize = 16 * config::kMiB;
constexpr std::size_t kMostAppName = 48;  // RFC 5424, section 6

bool is_local(const SyslogOptions& options) {
  return options.transport == SyslogTransport::kUnix || options.transport == SyslogTransport::kUnixStream;
}

void complete(SyslogOptions& options, const config::Written& written) {
  if (!written.has("standard"))
    options.head.standard = is_local(options) ? SyslogStandard::kRfc3164 : SyslogStandard::kRfc5424;
  // Nobody counts octets in a local socket.
  if (!written.has("framing") && options.transport == SyslogTransport::kUnixStream) options.framing = Framing::kNewline;
  complete_head(options, written);
  options.head.has_host = !is_local(options) || options.head.standard == SyslogStandard::kRfc5424;
}

void check(const SyslogOptions& options, const config::Sink&, const config::Report& report) {
  const std::string transport(kTransports[static_cast<std::size_t>(options.transport)]);
  if (is_local(options)) {
    if (!options.address.empty())
      report("address",
             "'transport: " + transport + "' goes to 'path' on this machine; write 'transport: tcp' or 'udp'");
    constexpr std::size_t kMostPath = 107;  // sockaddr_un, unix(7)
    if (options.path.size() > kMostPath) report("path", "a socket's path has at most 107 bytes");
  } else if (options.address.empty()) {
    report("address", "is missing; write host:port, like siem.example:6514");
  }
  if (options.tls.enabled && options.transport != SyslogTransport::kTcp)
    report("tls", "is for 'transport: tcp' only (RFC 5425), not for " + transport);
  if (options.tls.enabled && options.framing == Framing::kNewline)
    report("framing", "over TLS messages are octet-counted (RFC 5425, section 4.3); remove it");
  check_head(options, report);
  check_hosts(options, report);
}

}  // namespace

const std::vector<config::Option<SyslogHeadOptions>>& syslog_head_options() {
  static const std::vector<config::Option<SyslogHeadOptions>> kRows = {
      {"facility", config::choice(nested(&SyslogHeadOptions::head, &SyslogHead::facility), kFacilities),
       "The facility of all messages; `audit` is 13. With a format that another program had, facility, severity and "
       "`app_name` are that program's, as long as nothing is written here."},
      {"severity", config::choice(nested(&SyslogHeadOptions::head, &SyslogHead::severity), kSeverities),
       "The severity of all messages,"},
      {"failure_severity",
       config::choice(nested(&SyslogHeadOptions::head, &SyslogHead::failure_severity), kSeverities),
       "but of events whose outcome is a failure this one.",
       {.otherwise = "`severity`"}},
      {"app_name", config::text(nested(&SyslogHeadOptions::head, &SyslogHead::app_name)),
       "APP-NAME, or the tag: up to 48 printable characters."},
      {"structured_data", config::flag(nested(&SyslogHeadOptions::head, &SyslogHead::structured_data)),
       "With `rfc5424`: the event's `id` and `key`s as an element `naudit@NUMBER`."},
      {"enterprise", config::number(nested(&SyslogHeadOptions::head, &SyslogHead::enterprise), 0, 4294967295U),
       "That number: your own private enterprise number. The default is the one for examples (RFC 5612)."},
      {"bom", config::flag(nested(&SyslogHeadOptions::head, &SyslogHead::bom)),
       "With `rfc5424`: a byte order mark before each message, which says that it is UTF-8."},
  };
  return kRows;
}

void complete_head(SyslogHeadOptions& options, const config::Written& written) {
  const formats::Format* const format = formats::find_format(written.sink.format);
  if (format == nullptr || format->syslog.app_name.empty()) return;
  if (!written.has("app_name")) options.head.app_name = format->syslog.app_name;
  if (!written.has("facility")) options.head.facility = static_cast<SyslogFacility>(format->syslog.facility);
  if (!written.has("severity")) options.head.severity = static_cast<Severity>(format->syslog.severity);
}

void check_head(const SyslogHeadOptions& options, const config::Report& report) {
  const bool is_app_name = !options.head.app_name.empty() && options.head.app_name.size() <= kMostAppName &&
                           std::ranges::all_of(options.head.app_name, [](char c) { return c > ' ' && c <= '~'; });
  if (!is_app_name)
    report("app_name", "expected 1 to 48 printable ASCII characters without a space, not " +
                           base::in_quotes(options.head.app_name));
}

config::OptionTable syslog_options() {
  config::OptionSpec<SyslogOptions> spec{
      .rows =
          {
              {"transport", config::choice(&SyslogOptions::transport, kTransports),
               "`unix`: a datagram each into the socket `path`, as syslog(3) does; `unix-stream`: the same over one "
               "connection; `udp`: a datagram each (RFC 5426); `tcp`: RFC 6587, and with `tls` RFC 5425."},
              {"path", config::path(&SyslogOptions::path), "The socket, with `unix` and `unix-stream`."},
              {"address",
               addresses<SyslogOptions>(),
               "`host:port`, or a list of them, with `udp` and `tcp`. Usual are the ports 514, and 6514 for TLS.",
               {.otherwise = "none"}},
              {"standard",
               config::choice(
                   nested(static_cast<SyslogHead SyslogOptions::*>(&SyslogOptions::head), &SyslogHead::standard),
                   kStandards),
               "The header: `rfc5424`, or `rfc3164`, which has no year, no zone and no structured data.",
               {.otherwise = "`rfc3164` on this machine, `rfc5424` to others"}},
              {"max_size", config::size(&SyslogOptions::max_size, 0, kMostSize),
               "A longer message is cut to this; at least 1KiB. `0`: what the transport takes."},
          },
      .complete = complete,
      .check =
          [](const SyslogOptions& options, const config::Sink& sink, const config::Report& report) {
            check(options, sink, report);
            if (options.max_size != 0 && options.max_size < kLeastSize)
              report("max_size", "expected 0, or at least 1KiB, so that every header fits");
          },
  };
  config::add_shared(spec.rows, syslog_head_options());
  config::add_shared(spec.rows, stream_options());
  return spec;
}

std::vector<std::string> syslog_warnings(const config::Sink& sink, bool look_at_disk) {
  const auto& options = sink.options.as<SyslogOptions>();
  std::vector<std::string> warnings = host_warnings(options);
  if (options.transport == SyslogTransport::kUdp)
    warnings.emplace_back("udp: what is lost on the way is lost, and nobody can tell");
  std::error_code error;
  if (look_at_disk && is_local(options) && !std::filesystem::exists(options.path, error) && !error)
    warnings.push_back("path: there is no " + base::in_quotes(options.path) + "; events wait until there is");
  return warnings;
}

formats::Envelope syslog_envelope(const config::Sink& sink) {
  return {.make = make_syslog_encoder, .options = sink.options.as<SyslogOptions>().head};
}

}  // namespace naudit::output
