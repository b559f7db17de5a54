// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "output/sinks/net/stream_options.hpp"

namespace naudit::output {

enum class AuditdFraming : std::uint8_t {
  kManaged,  // auditd's protocol (formats/auditd/remote_message.hpp)
  kAscii,    // lines, which nobody answers
};

// auditd 3.0.9 and 4.x read a message, with its header of 16 bytes, into 8970 bytes, and hang up at a longer one.
inline constexpr std::uint64_t kLongestAuditdText = 8970 - 16;

// What a sink of `type: auditd-remote` may choose.
struct AuditdRemoteOptions : HostOptions {
  AuditdFraming protocol = AuditdFraming::kManaged;
  std::uint32_t window = 128;
  std::uint64_t max_size = kLongestAuditdText;
  config::Milliseconds heartbeat_timeout{30'000};
  config::Milliseconds ack_timeout{30'000};
  friend bool operator==(const AuditdRemoteOptions&, const AuditdRemoteOptions&) = default;
};

config::OptionTable auditd_remote_options();
std::vector<std::string> auditd_remote_warnings(const config::Sink& sink, bool look_at_disk);

}  // namespace naudit::output
