// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "output/sinks/net/stream_options.hpp"

namespace naudit::output {

enum class ForwardCompression : std::uint8_t { kNone, kGzip };

// What a sink of `type: forward` may choose.
struct ForwardOptions : HostOptions {
  std::string tag = "naudit";
  ForwardCompression compression = ForwardCompression::kNone;
  std::uint64_t chunk = config::kMiB;  // bytes of events
  config::Milliseconds ack_timeout{190'000};
  std::string shared_key_file;
  std::string user;
  std::string password_file;
  friend bool operator==(const ForwardOptions&, const ForwardOptions&) = default;
};

config::OptionTable forward_options();
std::vector<std::string> forward_warnings(const config::Sink& sink, bool look_at_disk);

}  // namespace naudit::output
