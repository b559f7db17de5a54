// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>

#include <fmt/format.h>

#include "ctl/doctor/looks.hpp"

namespace naudit::ctl {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kMostRtcDifference{60};
constexpr milliseconds kMostAhead{2000};

// comm is cut after 15 bytes: "systemd-journal".
bool is_journald(const Process& process) {
  return process.name.starts_with("systemd-journal") || (process.pid == 1 && process.name == "systemd");
}

bool is_ours(const Facts& facts, const Process& process) {
  return (facts.daemon && facts.daemon->pid == process.pid) || process.name == "nauditd";
}

std::string names_of(const std::vector<Process>& holders) {
  std::string text;
  for (const Process& one : holders) text += (text.empty() ? "" : ", ") + one.text();
  return text;
}

}  // namespace

std::string Process::text() const {
  return name.empty() ? fmt::format("pid {}", pid) : fmt::format("pid {} ({})", pid, name);
}

std::string shell_word(std::string_view text) {
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::string time_text(milliseconds time) {
  const auto whole = std::chrono::duration_cast<seconds>(time).count();
  constexpr std::int64_t kMinute = 60, kHour = 3600, kDay = 86'400, kFew = 10;
  if (whole < kFew) return fmt::format("{:.1f} s", std::chrono::duration<double>(time).count());
  if (whole < kMinute) return fmt::format("{} s", whole);
  if (whole < kHour) return fmt::format("{} min {} s", whole / kMinute, whole % kMinute);
  if (whole < kDay) return fmt::format("{} h {} min", whole / kHour, whole / kMinute % kMinute);
  return fmt::format("{} d {} h", whole / kDay, whole / kHour % (kDay / kHour));
}

Outcome look_at_owner(const Facts& facts) {
  if (!facts.holder) return Outcome::unknown(facts.holder.why());
  const Process& holder = *facts.holder;
  if (holder.pid == 0) return Outcome::unrelated("no process is registered; see the check daemon");
  if (facts.daemon && holder.pid == facts.daemon->pid) return Outcome::well();
  const std::string mode = facts.daemon ? facts.daemon->mode : "";
  if (mode == "observe" || mode == "none") return Outcome::well();
  if (holder.name == "nauditd" && !facts.daemon)
    return Outcome::unrelated("it is a nauditd, which does not answer here; see the check daemon");
  const std::string unit =
      holder.name == "auditd" || holder.name == "auditbeat" || holder.name == "osqueryd" ? holder.name : "";
  std::vector<std::string> fix;
  if (!unit.empty())
    fix.push_back(fmt::format("systemctl disable --now {}", unit));
  else
    fix.push_back(fmt::format("stop {}, or set 'audit' off in its configuration", holder.text()));
  fix.push_back("systemctl enable --now nauditd");
  fix.push_back(fmt::format("or, to listen beside it, in {}: kernel: {{mode: observe}}", facts.config_path));
  return Outcome::found(facts.daemon ? Level::kCritical : Level::kWarning,
                        fmt::format("{} is this machine's audit daemon, not nauditd", holder.text()), std::move(fix));
}

Outcome look_at_journald(const Facts& facts) {
  const std::vector<std::string> fix = {"systemctl mask --now systemd-journald-audit.socket",
                                        "systemctl restart systemd-journald"};
  if (facts.listeners) {
    bool is_known = true;
    for (const Listener& one : *facts.listeners) {
      is_known = is_known && !one.holders.empty();
      if (std::ranges::any_of(one.holders, is_journald))
        return Outcome::found(Level::kWarning,
                              fmt::format("journald takes every audit record, too ({})", names_of(one.holders)), fix);
    }
    if (!is_known) return Outcome::unknown("who listens to the audit records can be told to root only");
  }
  if (!facts.journald) return facts.listeners ? Outcome::well() : Outcome::unknown(facts.listeners.why());
  if (*facts.journald == JournaldSocket::kOn)
    return Outcome::found(Level::kNote,
                          "journald does not listen to the audit records now, but will from the next boot on", fix);
  return facts.listeners ? Outcome::well() : Outcome::unknown(facts.listeners.why());
}

Outcome look_at_listeners(const Facts& facts) {
  if (!facts.listeners) return Outcome::unknown(facts.listeners.why());
  Outcome outcome;
  for (const Listener& one : *facts.listeners) {
    if (one.holders.empty()) return Outcome::unknown("who listens to the audit records can be told to root only");
    if (std::ranges::any_of(one.holders,
                            [&](const Process& process) { return is_journald(process) || is_ours(facts, process); }))
      continue;
    outcome.add(Level::kNote, fmt::format("{} takes a copy of every audit record", names_of(one.holders)),
                {"stop it, if nobody needs it"});
  }
  return outcome;
}

Outcome look_at_namespaces(const Facts& facts) {
  if (!facts.surroundings) return Outcome::unknown(facts.surroundings.why());
  if (facts.surroundings->initial_pid_namespace && facts.surroundings->initial_user_namespace) return Outcome::well();
  return Outcome::found(
      Level::kCritical,
      fmt::format("This is not the initial {} namespace: the kernel's audit cannot be controlled from here",
                  facts.surroundings->initial_pid_namespace    ? "user"
                  : facts.surroundings->initial_user_namespace ? "pid"
                                                               : "pid and user"),
      {"run nauditd, and doctor, on the host"});
}

Outcome look_at_container(const Facts& facts) {
  if (!facts.surroundings) return Outcome::unknown(facts.surroundings.why());
  if (facts.surroundings->container.empty()) return Outcome::well();
  return Outcome::found(Level::kNote, fmt::format("This is a container ({})", facts.surroundings->container),
                        {"run nauditd on the host, or give the container --pid=host, CAP_AUDIT_CONTROL and "
                         "CAP_AUDIT_READ, and write paths of rules as the container sees them"});
}

Outcome look_at_login_id(const Facts& facts) {
  if (!facts.login_id) return Outcome::unknown(facts.login_id.why());
  if (*facts.login_id != rules::kUnset) return Outcome::well();
  return Outcome::found(
      Level::kNote, "Your own session has no login id (auid unset): rules with 'auid >= 1000' do not see what you do",
      {"log in by ssh, a console or machinectl, with pam_loginuid in /etc/pam.d",
       "to try rules from here, leave the condition on auid out"});
}

Outcome look_at_clock(const Facts& facts) {
  if (!facts.clock) return Outcome::unknown(facts.clock.why());
  Outcome outcome;
  if (facts.clock->events_ahead && *facts.clock->events_ahead > kMostAhead)
    outcome.add(Level::kCritical,
                fmt::format("The latest event is stamped {} in the future: the clock was set back",
                            time_text(*facts.clock->events_ahead)),
                {"timedatectl status", "chronyc tracking"});
  if (facts.clock->rtc_ahead &&
      (*facts.clock->rtc_ahead > kMostRtcDifference || *facts.clock->rtc_ahead < -kMostRtcDifference))
    outcome.add(
        Level::kWarning,
        fmt::format("The hardware clock is {} {} the system's", time_text(std::chrono::abs(*facts.clock->rtc_ahead)),
                    facts.clock->rtc_ahead->count() > 0 ? "ahead of" : "behind"),
        {"hwclock --systohc, if the system's time is right"});
  if (facts.clock->synchronised == false)
    outcome.add(Level::kWarning, "Nothing keeps the clock right: the kernel calls it not synchronised",
                {"timedatectl set-ntp true", "or start chronyd"});
  if (outcome.findings.empty() && !facts.clock->synchronised)
    return Outcome::unknown("the kernel does not say whether the clock is synchronised");
  return outcome;
}

}  // namespace naudit::ctl
