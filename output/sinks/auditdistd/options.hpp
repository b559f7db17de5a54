// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "output/sinks/file/options.hpp"
#include "output/sinks/net/endpoint.hpp"

namespace naudit::output {

enum class WhenSent : std::uint8_t { kRemove, kKeep };
inline constexpr std::array<std::string_view, 2> kWhenSent{"remove", "keep"};

// What a sink of `type: auditdistd` may choose; of its trails what a file sink may of its log, `path` being their
// folder and `rotate.total` what they may take.
struct AuditdistdOptions : FileOptions {
  static constexpr std::uint16_t kPort = 7878;

  AuditdistdOptions() {
    rotate.keep = Rotate::kMostKept;
    rotate.total = std::uint64_t{4} << 30;
  }

  std::string remote;
  std::string fingerprint;
  std::string password_file;
  std::string sender;  // empty: the host's name up to its first dot
  WhenSent when_sent = WhenSent::kRemove;
  config::Milliseconds keepalive{10'000}, reconnect{10'000}, timeout{20'000};
  friend bool operator==(const AuditdistdOptions&, const AuditdistdOptions&) = default;
};

struct DistRemote {
  bool tls = true;
  Endpoint endpoint;
  friend bool operator==(const DistRemote&, const DistRemote&) = default;
};
// "tls://host[:port]", "tcp://host[:port]", "host[:port]". Empty: not that. Pure.
std::optional<DistRemote> parse_dist_remote(std::string_view text);
// "SHA256=AB:CD:…" as auditdistd.conf(5) has it, and without its beginning. Empty: not that. Pure.
std::optional<std::string> dist_fingerprint(std::string_view text);

config::OptionTable auditdistd_options();
std::vector<std::string> auditdistd_warnings(const config::Sink& sink, bool look_at_disk);

}  // namespace naudit::output
