// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "output/sinks/net/options.hpp"

namespace naudit::output {

// What a sink of `type: relp` may choose.
struct RelpOptions : NetOptions {
  std::string address;  // "host:port" or "[v6]:port"
  std::uint64_t max_size = 128 * config::kKiB;
  config::Milliseconds ack_timeout{90'000};
  friend bool operator==(const RelpOptions&, const RelpOptions&) = default;
};

config::OptionTable relp_options();
std::vector<std::string> relp_warnings(const config::Sink& sink, bool look_at_disk);

}  // namespace naudit::output
