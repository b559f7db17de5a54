// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <vector>

#include "output/sinks/http/options.hpp"

namespace naudit::output {

// `acks:`, which matter for a token that has indexer acknowledgement.
struct SplunkAcks {
  config::Milliseconds every{1000};      // how often it is asked for them
  config::Milliseconds within{300'000};  // what is not acknowledged by then is sent again, over another channel
  friend bool operator==(const SplunkAcks&, const SplunkAcks&) = default;
};

// What a sink of `type: splunk` may choose beside HttpOptions.
struct SplunkOptions {
  std::string index;  // empty: the token's
  std::string source = "nauditd";
  std::string sourcetype = "linux:audit";
  SplunkAcks acks;
  friend bool operator==(const SplunkOptions&, const SplunkOptions&) = default;
};

config::OptionTable splunk_options();
std::vector<std::string> splunk_warnings(const config::Sink& sink, bool look_at_disk);

}  // namespace naudit::output
