// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/metrics/drop_counts.hpp"
#include "daemon/metrics/process_use.hpp"
#include "daemon/pipeline/type_counts.hpp"
#include "daemon/status_json.hpp"

namespace naudit::daemon {

// What the metrics tell, at one moment, as plain values.
struct MetricsInput {
  DaemonStatus status;
  std::vector<TypeCount> types;
  DropCounts drops;
  ProcessUse process;
  double start_seconds = 0;  // when the process started, since 1970
};

// All of it in Prometheus' text format (docs/metrics.md). Every row of the stages' tables of counters is a metric; of
// what is not known there is no sample. Pure.
std::string metrics_text(const MetricsInput& input);

}  // namespace naudit::daemon
