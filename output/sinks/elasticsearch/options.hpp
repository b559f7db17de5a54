// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "output/sinks/http/options.hpp"

namespace naudit::output {

enum class DocumentIds : std::uint8_t {
  kEvent,  // of the event: what is sent twice is stored once
  kNone,   // the server's: a little faster
};

// What a sink of `type: elasticsearch` may choose beside HttpOptions.
struct ElasticsearchOptions {
  std::string index = "logs-auditd-default";  // or a data stream or an alias
  DocumentIds ids = DocumentIds::kEvent;
  std::string pipeline;  // of the server's, to pass documents through; empty: none
  friend bool operator==(const ElasticsearchOptions&, const ElasticsearchOptions&) = default;
};

config::OptionTable elasticsearch_options();
std::vector<std::string> elasticsearch_warnings(const config::Sink& sink, bool look_at_disk);

}  // namespace naudit::output
