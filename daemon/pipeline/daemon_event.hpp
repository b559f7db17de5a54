// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "correlate/event.hpp"

namespace naudit::daemon {

// Who asked for something: the identity in a DAEMON_* record. -1 (4294967295) is "not known", as auditd prints it.
struct Requester {
  std::uint32_t auid = ~std::uint32_t{0};
  std::uint32_t uid = ~std::uint32_t{0};
  std::uint32_t ses = ~std::uint32_t{0};
  std::int32_t pid = 0;
  std::string subject;  // security context; empty = none
};

// The texts of auditd's DAEMON_* records (reference: auditd 4.2, src/auditd.c), so that existing reports find them.
// `formats`: of the sinks, one or several; auditd has one log, and says raw or enriched. `after_kill`: the run before
// this one has not ended in order.
std::string start_text(std::string_view version, std::string_view kernel, std::string_view formats,
                       const Requester& who, bool after_kill = false);
// The formats of these sinks as start_text() has them, each once, in their order: "json,enriched"; "none" without a
// sink.
std::string formats_text(const std::vector<config::Sink>& sinks);
std::string end_text(const Requester& who);
std::string rotate_text(const Requester& who);
// Somebody reads the stream of events through the control socket.
std::string tail_text(const Requester& who);
// auditd knows "changed, success" and "no-change, failed"; what was taken in part is "changed, failed".
std::string reconfigure_text(bool changed, bool succeeded, const Requester& who);
// A loss, told as data: DAEMON_ERR "op=lost cause=… events=… …".
std::string loss_text(std::string_view cause, std::string_view details);

// Makes events of the daemon's own. Their serials are private, as auditd's are: a random start, then one by one.
// Any thread.
class DaemonEvents {
 public:
  explicit DaemonEvents(std::uint32_t first_serial) : serial_(first_serial) {}
  correlate::EventPtr make(std::uint16_t type, std::string_view text, std::chrono::system_clock::time_point now);

 private:
  std::atomic<std::uint32_t> serial_;
};

}  // namespace naudit::daemon
