// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/kernel/settings.hpp"

#include <cstdint>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "netlink/status.hpp"

namespace naudit::daemon {
namespace {

constexpr std::uint32_t kLocked = 2;

using Notes = std::vector<std::string>;

template <typename Member>
void set_one(netlink::RequestSocket& requests, std::string_view name, std::uint32_t now,
             std::optional<std::uint32_t> wanted, Member member, bool locked, Notes& notes) {
  if (!wanted || *wanted == now) return;
  if (locked) {
    notes.push_back(fmt::format("the kernel's audit settings are locked (enabled 2): {} stays {}, {} needs a reboot",
                                name, now, *wanted));
    return;
  }
  netlink::StatusChange change;
  change.*member = *wanted;
  if (const auto done = requests.set(change); !done)
    notes.push_back(fmt::format("cannot set {} to {}: {}", name, *wanted, done.error().message()));
}

using Setting = std::optional<std::uint32_t> netlink::StatusChange::*;

struct Row {
  const char* name;  // in nauditd.yaml
  Setting setting;
};
constexpr Row kRows[] = {{"enabled", &netlink::StatusChange::enabled},
                         {"failure", &netlink::StatusChange::failure},
                         {"rate_limit", &netlink::StatusChange::rate_limit},
                         {"backlog_limit", &netlink::StatusChange::backlog_limit},
                         {"backlog_wait_time", &netlink::StatusChange::backlog_wait_time}};

}  // namespace

KernelSettings kernel_settings(const config::Loaded& loaded) {
  const config::Kernel& kernel = loaded.config.kernel;
  KernelSettings wanted;
  if (kernel.enabled) wanted.values.enabled = *kernel.enabled ? 1 : 0;
  if (kernel.failure) wanted.values.failure = static_cast<std::uint32_t>(*kernel.failure);
  wanted.values.rate_limit = kernel.rate_limit;
  wanted.values.backlog_limit = kernel.backlog_limit;
  if (kernel.backlog_wait_time) wanted.values.backlog_wait_time = netlink::to_jiffies(*kernel.backlog_wait_time);
  wanted.loginuid_immutable = kernel.loginuid_immutable;
  return wanted;
}

KernelSettings kernel_settings(const config::Loaded& loaded, rules::RuleSet& set) {
  KernelSettings wanted = kernel_settings(loaded);
  for (const Row& row : kRows) {
    std::optional<std::uint32_t>& value = wanted.values.*row.setting;
    std::optional<std::uint32_t>& of_rules = set.settings.*row.setting;
    const bool is_lock = row.setting == &netlink::StatusChange::enabled && of_rules == kLocked;
    if (!of_rules || is_lock) continue;
    const std::string path = std::string("kernel.") + row.name;
    // A value that the file does not have has the place of what it would stand in.
    const bool is_named = loaded.places.of(path).text() != loaded.places.of("kernel").text();
    if (!value || !is_named) {
      value = of_rules;
    } else if (*value != *of_rules) {
      set.note(set.place_of(row.setting), fmt::format("{} {} is of no effect: {} sets it to {}", row.name, *of_rules,
                                                      loaded.places.of(path).text(), *value));
      of_rules = value;
    }
  }
  return wanted;
}

SettingsReport apply_settings(netlink::RequestSocket& requests, const KernelSettings& wanted) {
  SettingsReport report;
  Notes& notes = report.problems;
  const auto status = requests.status();
  if (!status) {
    notes.push_back("cannot read the kernel's audit status: " + status.error().message());
    return report;
  }
  const bool locked = status->enabled == kLocked;
  const auto one = [&](const char* name, std::uint32_t now, Setting setting) {
    set_one(requests, name, now, wanted.values.*setting, setting, locked, notes);
  };
  using Change = netlink::StatusChange;
  one("backlog_limit", status->backlog_limit, &Change::backlog_limit);
  one("backlog_wait_time", status->backlog_wait_time, &Change::backlog_wait_time);
  one("rate_limit", status->rate_limit, &Change::rate_limit);
  one("failure", status->failure, &Change::failure);
  if (status->failure == 2)
    report.warning =
        "the kernel's failure mode is 2 (panic): a lost record stops this machine; 'failure: printk' is the safe "
        "setting";
  if (wanted.loginuid_immutable) {
    const auto features = requests.features();
    if (features && features->loginuid_immutable()) return report;
    if (const auto done = requests.set_loginuid_immutable(); !done)
      notes.push_back("cannot make the login uid immutable: " + done.error().message());
  }
  return report;
}

SettingsReport bring_settings(netlink::RequestSocket& requests, const KernelSettings& wanted) {
  SettingsReport report = apply_settings(requests, wanted);
  for (std::string& problem : enable_auditing(requests, wanted)) report.problems.push_back(std::move(problem));
  return report;
}

Notes enable_auditing(netlink::RequestSocket& requests, const KernelSettings& wanted) {
  Notes notes;
  const auto status = requests.status();
  const auto& enabled = wanted.values.enabled;
  // Locked is enabled, too.
  if (!status || !enabled || (status->enabled == kLocked && *enabled == 1)) return notes;
  set_one(requests, "enabled", status->enabled, enabled, &netlink::StatusChange::enabled, status->enabled == kLocked,
          notes);
  return notes;
}

}  // namespace naudit::daemon
