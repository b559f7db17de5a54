// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <algorithm>
#include <cstdint>
#include <string>

#include <fmt/format.h>

#include "base/text.hpp"
#include "ctl/doctor/looks.hpp"

namespace naudit::ctl {
namespace {

// config/nauditd.yaml's, and what the CIS benchmarks ask for.
constexpr std::uint32_t kEnoughBacklog = 8192;

// What changes a setting for good depends on who keeps it.
std::vector<std::string> setting(const Facts& facts, std::string_view option, std::string_view yaml) {
  if (facts.reach == Reach::kAnswers && facts.daemon && facts.daemon->mode == "own")
    return {fmt::format("in {}: kernel: {{{}}}", facts.config_path, yaml), "nauditctl reload"};
  return {fmt::format("nauditctl {}", option)};
}

std::string boot_fix() {
  return "in /etc/default/grub, to GRUB_CMDLINE_LINUX: audit=1 audit_backlog_limit=8192; then update-grub "
         "(grub2-mkconfig -o /boot/grub2/grub.cfg) and reboot";
}

// How much a counter has grown between the two looks; nothing is told of growth without a first look.
std::string grown(const Facts& facts, std::uint64_t by, std::string_view what) {
  return fmt::format("{} {} in the {} that doctor looked", by, what, time_text(facts.between));
}

}  // namespace

Outcome look_at_auditing(const Facts& facts) {
  if (facts.boot && facts.boot->audit == false)
    return Outcome::found(Level::kCritical,
                          "The kernel was booted with audit=0: it makes no events until a boot without it",
                          {"take audit=0 from the kernel's command line: " + boot_fix()});
  if (!facts.kernel) return Outcome::unknown(facts.kernel.why());
  if (facts.kernel->enabled != 0) return Outcome::well();
  if (facts.kernel->pid == 0) return Outcome::unrelated("nobody is the audit daemon, who would switch it on");
  return Outcome::found(Level::kCritical, "Auditing is switched off (enabled 0), though an audit daemon runs",
                        setting(facts, "-e 1", "enabled: true"));
}

Outcome look_at_failure(const Facts& facts) {
  if (!facts.kernel) return Outcome::unknown(facts.kernel.why());
  if (facts.kernel->failure != 2) return Outcome::well();
  return Outcome::found(
      Level::kWarning, "The kernel is set to panic when it cannot log an event (failure 2)",
      facts.kernel->enabled == 2
          ? std::vector<std::string>{"take '-f 2' from the rule files, and reboot: the setting is locked"}
          : setting(facts, "-f 1", "failure: printk"));
}

Outcome look_at_rate_limit(const Facts& facts) {
  if (!facts.kernel) return Outcome::unknown(facts.kernel.why());
  if (facts.kernel->rate_limit == 0) return Outcome::well();
  return Outcome::found(Level::kWarning,
                        fmt::format("The kernel throws away what is more than {} a second (rate_limit)",
                                    base::count_text(facts.kernel->rate_limit, "record")),
                        setting(facts, "-r 0", "rate_limit: 0"));
}

Outcome look_at_backlog(const Facts& facts) {
  if (!facts.kernel) return Outcome::unknown(facts.kernel.why());
  Outcome outcome;
  const std::uint32_t limit = facts.kernel->backlog_limit;
  const std::uint32_t waiting = std::max(facts.kernel->backlog, facts.kernel_before ? facts.kernel_before->backlog : 0);
  if (limit > 0 && waiting > limit / 2)
    outcome.add(Level::kCritical,
                fmt::format("{} of {} records wait in the kernel: the queue is nearly full", waiting, limit),
                {"nauditctl top", "nauditctl rules stats"});
  if (limit > 0 && limit < kEnoughBacklog && (facts.kernel->pid != 0 || facts.kernel->enabled != 0))
    outcome.add(Level::kWarning, fmt::format("Only {} records may wait in the kernel (backlog_limit)", limit),
                setting(facts, fmt::format("-b {}", kEnoughBacklog), fmt::format("backlog_limit: {}", kEnoughBacklog)));
  if (outcome.findings.empty() && limit > 0 && limit < kEnoughBacklog)
    return Outcome::unrelated("auditing is off, and an audit daemon sets the limit when it starts");
  return outcome;
}

Outcome look_at_lost(const Facts& facts) {
  if (!facts.kernel) return Outcome::unknown(facts.kernel.why());
  const std::uint32_t lost = facts.kernel->lost;
  const std::uint32_t before = facts.kernel_before ? facts.kernel_before->lost : lost;
  if (lost > before)
    return Outcome::found(Level::kCritical, "The kernel is losing records: " + grown(facts, lost - before, "lost"),
                          {"nauditctl top", "nauditctl rules stats", "nauditctl doctor --explain backlog"});
  if (lost == 0) return Outcome::well();
  return Outcome::found(Level::kWarning,
                        fmt::format("The kernel has lost {} since boot, or since its counter was set to 0",
                                    base::count_text(lost, "record")),
                        {"nauditctl --reset-lost", "nauditctl rules stats"});
}

Outcome look_at_stall(const Facts& facts) {
  if (!facts.kernel) return Outcome::unknown(facts.kernel.why());
  if (!facts.kernel->backlog_wait_time_actual)
    return Outcome::unrelated("this kernel does not count it (Linux 5.9 and later do)");
  const std::uint32_t waited = *facts.kernel->backlog_wait_time_actual;
  const std::uint32_t before = facts.kernel_before && facts.kernel_before->backlog_wait_time_actual
                                   ? *facts.kernel_before->backlog_wait_time_actual
                                   : waited;
  const auto text = [](std::uint32_t jiffies) { return time_text(netlink::from_jiffies(jiffies)); };
  if (waited > before)
    return Outcome::found(Level::kCritical,
                          fmt::format("Audited programs are being held up: they waited {} in the {} that doctor looked",
                                      text(waited - before), time_text(facts.between)),
                          setting(facts, "--backlog_wait_time 0", "backlog_wait_time: 0s"));
  if (waited == 0) return Outcome::well();
  return Outcome::found(
      Level::kNote, fmt::format("Audited programs have waited {} for the audit queue since boot", text(waited)),
      facts.kernel->backlog_wait_time == 0 ? std::vector<std::string>{"nauditctl --reset_backlog_wait_time_actual"}
                                           : setting(facts, "--backlog_wait_time 0", "backlog_wait_time: 0s"));
}

Outcome look_at_lock(const Facts& facts) {
  if (!facts.kernel) return Outcome::unknown(facts.kernel.why());
  if (facts.kernel->enabled != 2) return Outcome::well();
  return Outcome::found(Level::kNote,
                        "The kernel's audit is locked: rules and settings stay as they are until a reboot",
                        {"nauditctl rules diff", "reboot, where rules wait for it"});
}

Outcome look_at_boot_audit(const Facts& facts) {
  if (!facts.boot) return Outcome::unknown(facts.boot.why());
  if (facts.boot->audit) return Outcome::well();  // audit=0 is told by the check auditing
  return Outcome::found(Level::kWarning, "The kernel was booted without audit=1", {boot_fix()});
}

Outcome look_at_boot_backlog(const Facts& facts) {
  if (!facts.boot) return Outcome::unknown(facts.boot.why());
  const auto limit = facts.boot->backlog_limit;
  if (limit && (*limit == 0 || *limit >= kEnoughBacklog)) return Outcome::well();
  return Outcome::found(Level::kWarning,
                        limit ? fmt::format("The kernel was booted with audit_backlog_limit={}", *limit)
                              : std::string("The kernel was booted without audit_backlog_limit, so with 64"),
                        {boot_fix()});
}

}  // namespace naudit::ctl
