// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/counter.hpp"

namespace naudit::daemon {

// What a source counts. The collector's thread changes it, any thread reads.
struct SourceCounters {
  base::Counter clients;
  base::Counter accepted;
  base::Counter refused;
  base::Counter broken;
  base::Counter messages;
  base::Counter acknowledged;
  base::Counter records;
  base::Counter events;
  base::Counter bytes;
  base::Counter waiting_bytes;
  base::Counter rejected;
  base::Counter foreign;
};

inline constexpr auto kSourceCounters = std::to_array<base::CounterRow<SourceCounters>>({
    {{"clients", "clients", base::CounterKind::kGauge, "connected now"}, &SourceCounters::clients},
    {{"accepted", "connections", base::CounterKind::kCounter, "of clients that were let in"},
     &SourceCounters::accepted},
    {{"refused", "connections", base::CounterKind::kCounter,
      "not let in: too many, or a handshake or certificate that is not in order"},
     &SourceCounters::refused},
    {{"broken", "connections", base::CounterKind::kCounter,
      "ended by us: not the protocol, too long a message, too slow, or in another machine's name"},
     &SourceCounters::broken},
    {{"messages", "messages", base::CounterKind::kCounter, "taken"}, &SourceCounters::messages},
    {{"acknowledged", "messages", base::CounterKind::kCounter, "answered, as their events were accepted"},
     &SourceCounters::acknowledged},
    {{"records", "records", base::CounterKind::kCounter, "in them"}, &SourceCounters::records},
    {{"events", "events", base::CounterKind::kCounter, "that they became"}, &SourceCounters::events},
    {{"bytes", "bytes", base::CounterKind::kCounter, "of these messages"}, &SourceCounters::bytes},
    {{"waiting_bytes", "bytes", base::CounterKind::kGauge, "of events that are not yet accepted"},
     &SourceCounters::waiting_bytes},
    {{"rejected", "messages", base::CounterKind::kFault, "left out: no record is in them"}, &SourceCounters::rejected},
    {{"foreign", "messages", base::CounterKind::kFault, "refused: of a machine for which the client may not speak"},
     &SourceCounters::foreign},
});

struct SourceStatus {
  std::string name;
  std::string type;
  std::string listen;                        // where it listens
  std::string last_error;                    // of a client; empty if there was none
  std::vector<base::Reading> readings = {};  // of kSourceCounters
};

}  // namespace naudit::daemon
