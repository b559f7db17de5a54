// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <vector>

#include "output/sinks/net/stream_options.hpp"

namespace naudit::output {

// What a sink of `type: tcp` may choose.
struct TcpOptions : StreamOptions {
  bool ack = false;
  friend bool operator==(const TcpOptions&, const TcpOptions&) = default;
};

config::OptionTable tcp_options();
std::vector<std::string> tcp_warnings(const config::Sink& sink, bool look_at_disk);

}  // namespace naudit::output
