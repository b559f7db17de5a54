// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include "daemon/metrics/metrics.hpp"

namespace naudit::tests {

// Metrics in which everything is known that a daemon can know, so that no family is missing.
inline daemon::MetricsInput full_metrics() {
  daemon::MetricsInput input;
  daemon::DaemonStatus& status = input.status;
  status.version = "0.1.0";
  status.mode = "own";
  status.registration = "registered";
  status.kernel.emplace();
  status.kernel->lost = 3;
  status.kernel->backlog_wait_time = 15000;
  status.kernel->backlog_wait_time_actual = 7;
  netlink::Counters received;
  received.records.add(12);
  received.bytes.add(3456);
  status.received = daemon::receive_readings(received);
  status.events = daemon::event_readings({}, {}, {});
  status.rules.emplace();
  daemon::SourceStatus source;
  source.name = "fleet";
  source.type = "auditd";
  base::read_counters(daemon::kSourceCounters, daemon::SourceCounters(), source.readings);
  status.sources.push_back(source);
  for (const char* const name : {"log", "siem"}) {
    output::SinkStatus sink;
    sink.name = name;
    sink.type = "file";
    sink.format = "json";
    sink.state = status.sinks.empty() ? "ok" : "retrying";
    sink.events_in = 10;
    sink.queue_bytes_most = 2048;
    sink.latency.add(std::chrono::milliseconds{40}, 5);
    sink.latency.add(std::chrono::milliseconds{4500000}, 2);
    status.sinks.push_back(sink);
  }
  input.drops.add({.sink = "siem", .cause = "queue full", .events = 5, .first_id = {}, .last_id = {}});
  input.types = {{1300, 4}, {1999, 1}, {0, 2}};
  input.process = {
      .cpu_seconds = 1.5, .resident_bytes = 50'000'000, .virtual_bytes = 900'000'000, .open_descriptors = 20};
  input.start_seconds = 1'700'000'000.25;
  return input;
}

}  // namespace naudit::tests
