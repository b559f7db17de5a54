// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "output/sinks/net/stream_options.hpp"
#include "output/sinks/syslog/options.hpp"

namespace naudit::output {

// What a sink of `type: relp` may choose.
struct RelpOptions : HostOptions, SyslogHeadOptions {
  RelpOptions() { head.standard = SyslogStandard::kRfc5424; }

  std::uint64_t max_size = 128 * config::kKiB;
  config::Milliseconds ack_timeout{90'000};
  friend bool operator==(const RelpOptions&, const RelpOptions&) = default;
};

config::OptionTable relp_options();
formats::Envelope relp_envelope(const config::Sink& sink);
std::vector<std::string> relp_warnings(const config::Sink& sink, bool look_at_disk);

}  // namespace naudit::output
