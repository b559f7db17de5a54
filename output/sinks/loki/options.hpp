// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <vector>

#include "output/sinks/http/options.hpp"

namespace naudit::output {

// What a sink of `type: loki` may choose beside HttpOptions.
struct LokiOptions {
  std::string tenant;                                 // `X-Scope-OrgID`; empty: none
  std::vector<std::string> labels = {"job=nauditd"};  // "name=value", of every stream
  bool metadata = true;                               // structured metadata beside each line: since Loki 2.9
  friend bool operator==(const LokiOptions&, const LokiOptions&) = default;
};

config::OptionTable loki_options();
std::vector<std::string> loki_warnings(const config::Sink& sink, bool look_at_disk);

}  // namespace naudit::output
