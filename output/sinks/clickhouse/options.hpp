// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <vector>

#include "output/sinks/http/options.hpp"

namespace naudit::output {

// What a sink of `type: clickhouse` may choose beside HttpOptions.
struct ClickhouseOptions {
  std::string table = "audit";        // or "database.table"
  bool deduplicate = true;            // by a token, which servers before 22.2 do not know
  std::vector<std::string> settings;  // "name=value", of each insert
  friend bool operator==(const ClickhouseOptions&, const ClickhouseOptions&) = default;
};

config::OptionTable clickhouse_options();
std::vector<std::string> clickhouse_warnings(const config::Sink& sink, bool look_at_disk);

}  // namespace naudit::output
