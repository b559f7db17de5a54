// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/counter.hpp"
#include "correlate/correlator.hpp"
#include "correlate/serial_gaps.hpp"
#include "daemon/collector/source_status.hpp"
#include "daemon/kernel/rules_keeper.hpp"
#include "daemon/kernel/settings_keeper.hpp"
#include "daemon/pipeline/drain_thread.hpp"
#include "netlink/counters.hpp"
#include "netlink/status.hpp"
#include "output/sink.hpp"

namespace naudit::daemon {

// The counters on the way of a record, at one moment: those of the socket, and those from there to the hand-off.
std::vector<base::Reading> receive_readings(const netlink::Counters& received);
std::vector<base::Reading> event_readings(const correlate::Correlator::Counters& correlated,
                                          const correlate::SerialGaps::Counters& gaps, const DrainCounters& drained);

// How the daemon is doing, as plain values.
struct DaemonStatus {
  std::string version;
  pid_t pid = 0;
  std::string node;    // of this machine; empty = not named
  std::string config;  // path of nauditd.yaml
  std::chrono::seconds uptime{0};
  std::string mode;          // "own", "observe" or "none": what it does, not what was configured
  std::string registration;  // "registered", "observing" and "collecting" are well; else one phrase: "lost", "held by
                             // pid 123 (auditd)"
  std::optional<netlink::KernelStatus> kernel;  // empty: the kernel did not answer
  std::string kernel_error;                     // why not
  KernelTroubles troubles;
  std::vector<base::Reading> received, events;  // both are `events` of the answer
  std::vector<SourceStatus> sources;
  std::vector<output::SinkStatus> sinks;
  std::optional<RulesKeeper::Status> rules;  // empty: no rule files
};

// The object behind "status" of the control socket's answer (docs/control-socket.md), on one line. Pure. The numbers of
// `kernel`, `events`, `sources`, `sinks` and `rules` are those of the stages' tables of counters, and nothing else.
std::string status_json(const DaemonStatus& status);

}  // namespace naudit::daemon
