// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "formats/envelope.hpp"
#include "output/sinks/net/stream_options.hpp"
#include "output/sinks/severity.hpp"

namespace naudit::output {

enum class SyslogTransport : std::uint8_t { kUnix, kUnixStream, kUdp, kTcp };
enum class SyslogStandard : std::uint8_t { kRfc5424, kRfc3164 };

// By their numbers (RFC 5424, section 6.2.1).
enum class SyslogFacility : std::uint8_t { kAuth = 4, kAuthpriv = 10, kAudit = 13 };  // and the others

// The header of a message.
struct SyslogHead {
  SyslogStandard standard = SyslogStandard::kRfc3164;
  bool has_host = true;  // without it as syslog(3) writes into a local socket
  SyslogFacility facility = SyslogFacility::kAudit;
  Severity severity = Severity::kInfo;
  std::optional<Severity> failure_severity;  // of events whose outcome is a failure; none: as the others
  std::string app_name = "nauditd";
  bool structured_data = true;
  std::uint32_t enterprise = 32473;  // the number that documents may use (RFC 5612)
  bool bom = false;
  friend bool operator==(const SyslogHead&, const SyslogHead&) = default;
};

// The base of the options of what sends such messages, whatever the transport.
struct SyslogHeadOptions {
  SyslogHead head;
  friend bool operator==(const SyslogHeadOptions&, const SyslogHeadOptions&) = default;
};
// Rows for all of it but the standard.
const std::vector<config::Option<SyslogHeadOptions>>& syslog_head_options();
// Sets what the format has its own habits for and the file leaves open.
void complete_head(SyslogHeadOptions& options, const config::Written& written);
void check_head(const SyslogHeadOptions& options, const config::Report& report);

// What a sink of `type: syslog` may choose.
struct SyslogOptions : StreamOptions, SyslogHeadOptions {
  SyslogOptions() { framing = Framing::kOctetCounted; }

  SyslogTransport transport = SyslogTransport::kUnix;
  std::string path = "/dev/log";
  std::uint64_t max_size = 0;  // of a message; 0: what the transport takes
  friend bool operator==(const SyslogOptions&, const SyslogOptions&) = default;
};

config::OptionTable syslog_options();
std::vector<std::string> syslog_warnings(const config::Sink& sink, bool look_at_disk);
formats::Envelope syslog_envelope(const config::Sink& sink);

}  // namespace naudit::output
