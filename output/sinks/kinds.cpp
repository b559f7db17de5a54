// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/kinds.hpp"

#include "formats/registry.hpp"
#include "output/sinks/sink_name.hpp"

namespace naudit::output {

#define NAUDIT_SINK(name, help)         \
  config::OptionTable name##_options(); \
  std::vector<std::string> name##_warnings(const config::Sink&, bool);
#include "output/sinks/sinks.inc"
#undef NAUDIT_SINK
#define NAUDIT_SINK(name, help)
#define NAUDIT_SINK_IN_ENVELOPE(name, help) formats::Envelope name##_envelope(const config::Sink&);
#include "output/sinks/sinks.inc"
#undef NAUDIT_SINK
#undef NAUDIT_SINK_IN_ENVELOPE

namespace {

constexpr std::string_view kDefaultSinks = "[{name: log, type: file, path: /var/log/naudit/events.json}]";

// What the readers of trails read.
constexpr std::string_view kTrailFormat = "bsm";
// What auditd logs where its log is to be read on another machine.
constexpr std::string_view kRecordFormat = "enriched";

config::Kinds all_kinds() {
  config::Kinds kinds{{}, formats::format_kinds(), kDefaultSinks};
#define NAUDIT_SINK(name, help) kinds.sinks.push_back({sink_name<#name>(), help, name##_options()});
#define NAUDIT_SINK_OF_BYTES(name, help) kinds.sinks.push_back({sink_name<#name>(), help, name##_options(), true});
#define NAUDIT_SINK_OF_TRAILS(name, help) \
  kinds.sinks.push_back({sink_name<#name>(), help, name##_options(), true, kTrailFormat});
#define NAUDIT_SINK_OF_RECORDS(name, help) \
  kinds.sinks.push_back({sink_name<#name>(), help, name##_options(), false, kRecordFormat});
#include "output/sinks/sinks.inc"
#undef NAUDIT_SINK
#undef NAUDIT_SINK_OF_BYTES
#undef NAUDIT_SINK_OF_TRAILS
#undef NAUDIT_SINK_OF_RECORDS
  return kinds;
}

}  // namespace

const config::Kinds& kinds() {
  static const config::Kinds kKinds = all_kinds();
  return kKinds;
}

formats::Envelope envelope_of([[maybe_unused]] const config::Sink& sink) {
#define NAUDIT_SINK(name, help)
#define NAUDIT_SINK_IN_ENVELOPE(name, help) \
  if (sink.type == sink_name<#name>()) return name##_envelope(sink);
#include "output/sinks/sinks.inc"
#undef NAUDIT_SINK
#undef NAUDIT_SINK_IN_ENVELOPE
  return {};
}

std::vector<std::string> sink_warnings(const config::Sink& sink, bool look_at_disk) {
#define NAUDIT_SINK(name, help) \
  if (sink.type == sink_name<#name>()) return name##_warnings(sink, look_at_disk);
#include "output/sinks/sinks.inc"
#undef NAUDIT_SINK
  return {};
}

}  // namespace naudit::output
