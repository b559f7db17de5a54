// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/pipeline/drain_thread.hpp"
#include "netlink/counters.hpp"
#include "netlink/status.hpp"
#include "output/sink.hpp"

namespace naudit::daemon {

// The counters of the event socket and of the drain thread, at one moment.
struct EventStatus {
  // netlink::Counters
  std::uint64_t records = 0, bytes = 0, overruns = 0, truncated = 0, too_short = 0, foreign = 0, errors = 0;
  std::uint64_t replace_probes = 0;
  // DrainCounters
  std::uint64_t events = 0, incomplete = 0, evicted = 0, late = 0, malformed = 0, open = 0;
  std::uint64_t handoff_full = 0;
};
EventStatus event_status(const netlink::Counters& received, const DrainCounters& drained);

struct RuleStatus {
  std::uint64_t wanted = 0;   // by the rule files
  std::uint64_t foreign = 0;  // loaded by others
  std::uint64_t missing = 0;  // of ours, at the last comparison
  std::uint64_t drifts = 0;   // times that somebody changed ours
  std::string error;          // why the wanted rules are not in the kernel; empty if they are
};

// How the daemon is doing, as plain values.
struct DaemonStatus {
  std::string version;
  pid_t pid = 0;
  std::string node;    // of this machine; empty = not named
  std::string config;  // path of nauditd.yaml
  std::chrono::seconds uptime{0};
  std::string mode;  // "own" or "observe": what it does, not what was configured
  std::string
      registration;  // "registered" and "observing" are well; else one phrase: "lost", "held by pid 123 (auditd)"
  std::optional<netlink::KernelStatus> kernel;  // empty: the kernel did not answer
  EventStatus events;
  std::vector<output::SinkStatus> sinks;
  std::optional<RuleStatus> rules;  // empty: no rule files
};

// The object behind "status" of the control socket's answer (docs/control-socket.md), on one line. Pure.
std::string status_json(const DaemonStatus& status);

}  // namespace naudit::daemon
