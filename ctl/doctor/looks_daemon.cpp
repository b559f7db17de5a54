// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <algorithm>
#include <cstdint>
#include <string>

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/units.hpp"
#include "ctl/client/columns.hpp"
#include "ctl/doctor/looks.hpp"

namespace naudit::ctl {
namespace {

// What holds the records of a nauditd that gets no CPU for some seconds, at thousands of events a second.
constexpr std::uint64_t kEnoughBuffer = 4 * config::kMiB;

double percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(whole);
}

std::uint64_t dropped_before(const Facts& facts, const SinkFact& sink) {
  if (!facts.daemon_before) return sink.dropped;
  for (const SinkFact& one : facts.daemon_before->sinks)
    if (one.name == sink.name) return one.dropped;
  return sink.dropped;
}

}  // namespace

Outcome look_at_daemon(const Facts& facts) {
  switch (facts.reach) {
    case Reach::kNoRight:
      return Outcome::unknown(facts.daemon.why());
    case Reach::kSilent:
      return Outcome::found(Level::kCritical, fmt::format("nauditd does not answer: {}", facts.daemon.why()),
                            {"journalctl -u nauditd", "systemctl restart nauditd"});
    case Reach::kAbsent:
      if (!facts.unit_failure.empty())
        return Outcome::found(Level::kCritical, fmt::format("nauditd has failed ({})", facts.unit_failure),
                              {"journalctl -u nauditd", "nauditd --check", "systemctl restart nauditd"});
      if (facts.holder && facts.holder->name == "nauditd")
        return Outcome::found(Level::kWarning,
                              fmt::format("{} is registered, and does not answer at {}", facts.holder->text(),
                                          base::in_quotes(facts.socket)),
                              {"nauditctl doctor --config FILE --socket PATH, as that nauditd was started"});
      if (facts.holder && facts.holder->pid != 0)
        return Outcome::unrelated("another audit daemon runs; see the check owner");
      return Outcome::found(Level::kCritical, "nauditd is not running",
                            {"nauditd --check", "systemctl enable --now nauditd"});
    case Reach::kAnswers:
      break;
  }
  if (!facts.daemon) return Outcome::unknown(facts.daemon.why());
  const std::string& registration = facts.daemon->registration;
  if (registration == "registered" || registration == "observing" || registration == "collecting")
    return Outcome::well();
  return Outcome::found(Level::kCritical,
                        fmt::format("nauditd gets no events from the kernel: its registration is {}",
                                    registration.empty() ? "not known" : registration),
                        {"nauditctl status", "journalctl -u nauditd", "systemctl restart nauditd"});
}

Outcome look_at_config(const Facts& facts) {
  Outcome outcome;
  for (const std::string& problem : facts.config_problems)
    outcome.add(Level::kCritical, problem, {fmt::format("nauditd --check --config {}", facts.config_path)});
  if (!outcome.findings.empty()) return outcome;
  return facts.config ? Outcome::well() : Outcome::unknown(facts.config.why());
}

Outcome look_at_receive_buffer(const Facts& facts) {
  if (!facts.daemon) return Outcome::unknown(facts.daemon.why());
  if (facts.daemon->mode == "none") return Outcome::unrelated("this nauditd receives nothing of this kernel");
  Outcome outcome;
  const std::uint64_t before = facts.daemon_before ? facts.daemon_before->overruns : facts.daemon->overruns;
  std::vector<std::string> fix = {fmt::format("in {}: kernel: {{receive_buffer: 64MiB}}", facts.config_path),
                                  "systemctl restart nauditd"};
  if (facts.daemon->overruns > before)
    outcome.add(Level::kCritical, "nauditd's receive buffer is full again and again, just now", fix);
  else if (facts.daemon->overruns > 0)
    outcome.add(Level::kWarning,
                fmt::format("nauditd's receive buffer was full {} since its start",
                            base::count_text(facts.daemon->overruns, "time")),
                fix);
  if (!facts.receive_buffer) return outcome.findings.empty() ? Outcome::unknown(facts.receive_buffer.why()) : outcome;
  const std::uint64_t wanted = facts.config ? facts.config->kernel.receive_buffer : 0;
  if (*facts.receive_buffer < wanted)
    outcome.add(
        Level::kWarning,
        fmt::format("nauditd's receive buffer is {}, not {} as configured: it was started without CAP_NET_ADMIN",
                    rough_size(*facts.receive_buffer), base::size_text(wanted)),
        {fmt::format("sysctl net.core.rmem_max={}", wanted), "or start nauditd with CAP_NET_ADMIN, as its unit does",
         "systemctl restart nauditd"});
  else if (*facts.receive_buffer < kEnoughBuffer)
    outcome.add(Level::kWarning, fmt::format("nauditd's receive buffer is {} only", rough_size(*facts.receive_buffer)),
                std::move(fix));
  return outcome;
}

Outcome look_at_gaps(const Facts& facts) {
  if (!facts.daemon) return Outcome::unknown(facts.daemon.why());
  const std::uint64_t gaps = facts.daemon->gap_events;
  if (gaps == 0) return Outcome::well();
  const std::uint64_t before = facts.daemon_before ? facts.daemon_before->gap_events : gaps;
  return Outcome::found(gaps > before ? Level::kCritical : Level::kWarning,
                        fmt::format("{} that the kernel numbered never came{}", base::count_text(gaps, "event"),
                                    gaps > before ? fmt::format(", {} of them just now", gaps - before) : ""),
                        {"nauditctl doctor --explain boot-audit", "nauditctl doctor --explain receive-buffer"});
}

Outcome look_at_sinks(const Facts& facts) {
  if (!facts.daemon) return Outcome::unknown(facts.daemon.why());
  Outcome outcome;
  for (const SinkFact& sink : facts.daemon->sinks) {
    const std::string name = base::in_quotes(sink.name);
    const std::uint64_t before = dropped_before(facts, sink);
    if (sink.state != "ok")
      outcome.add(Level::kCritical,
                  fmt::format("The sink {} delivers nothing: {}{}", name, sink.state,
                              sink.last_error.empty() ? "" : fmt::format(" ({})", sink.last_error)),
                  {"nauditctl sinks",
                   sink.type == "file" ? "nauditctl doctor --explain disk" : "look at its server and the way to it"});
    if (sink.dropped > before)
      outcome.add(Level::kCritical,
                  fmt::format("The sink {} is losing events: {} in the {} that doctor looked", name,
                              sink.dropped - before, time_text(facts.between)),
                  {"nauditctl sinks", "give it a spool (docs/sinks.md), a larger queue, or a filter"});
    else if (sink.dropped > 0)
      outcome.add(
          Level::kWarning,
          fmt::format("The sink {} has lost {} since it was started", name, base::count_text(sink.dropped, "event")),
          {"nauditctl sinks", "give it a spool (docs/sinks.md), a larger queue, or a filter"});
  }
  return outcome;
}

Outcome look_at_disk(const Facts& facts) {
  if (!facts.rooms) return Outcome::unknown(facts.rooms.why());
  if (facts.rooms->empty()) return Outcome::unrelated("nothing is written to a disk here");
  constexpr double kScarce = 5, kNone = 1;  // percent
  Outcome outcome;
  for (const Room& room : *facts.rooms) {
    const std::string where = base::in_quotes(room.folder);
    const std::vector<std::string> fix = {fmt::format("df -h {}", shell_word(room.folder)),
                                          "make room, or keep less: rotate: {keep, total, age} (docs/sinks.md)"};
    const double left = percent(room.free, room.total);
    if (left < kNone)
      outcome.add(Level::kCritical,
                  fmt::format("The disk of {} is full: {} free at {}", room.what, rough_size(room.free), where), fix);
    else if (room.keep_free > 0 && room.free < room.keep_free)
      outcome.add(Level::kWarning,
                  fmt::format("The disk of {} has {} free at {}, less than keep_free: {}", room.what,
                              rough_size(room.free), where, rough_size(room.keep_free)),
                  fix);
    else if (left < kScarce)
      outcome.add(Level::kWarning,
                  fmt::format("The disk of {} is nearly full: {} free at {}, {:.1f} %", room.what,
                              rough_size(room.free), where, left),
                  fix);
    else if (room.most > room.used && room.most - room.used > room.free)
      outcome.add(Level::kWarning,
                  fmt::format("{} may grow to {}, and only {} are free at {}", room.what, rough_size(room.most),
                              rough_size(room.free), where),
                  fix);
    if (room.inodes > 0 && percent(room.free_inodes, room.inodes) < kScarce)
      outcome.add(percent(room.free_inodes, room.inodes) < kNone ? Level::kCritical : Level::kWarning,
                  fmt::format("The file system of {} has {} of {} inodes left at {}", room.what, room.free_inodes,
                              room.inodes, where),
                  {fmt::format("df -i {}", shell_word(room.folder)),
                   "remove small files, or make the file system anew with more inodes"});
  }
  return outcome;
}

Outcome look_at_paths(const Facts& facts) {
  if (!facts.path_faults) return Outcome::unknown(facts.path_faults.why());
  Outcome outcome;
  for (const PathFault& one : *facts.path_faults)
    outcome.add(Level::kWarning, fmt::format("{}: {}", one.what, one.fault), {one.remedy});
  return outcome;
}

}  // namespace naudit::ctl
