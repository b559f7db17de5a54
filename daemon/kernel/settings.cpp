// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/kernel/settings.hpp"

#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include "daemon/process.hpp"

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

}  // namespace

Notes apply_settings(netlink::RequestSocket& requests, const config::Kernel& wanted) {
  Notes notes;
  const auto status = requests.status();
  if (!status) {
    notes.push_back("cannot read the kernel's audit status: " + status.error().message());
    return notes;
  }
  using Change = netlink::StatusChange;
  const bool locked = status->enabled == kLocked;
  const auto number = [](const auto& value) -> std::optional<std::uint32_t> {
    if (!value) return std::nullopt;
    return static_cast<std::uint32_t>(*value);
  };
  std::optional<std::uint32_t> wait;
  if (wanted.backlog_wait_time) wait = netlink::to_jiffies(*wanted.backlog_wait_time);
  set_one(requests, "backlog_limit", status->backlog_limit, wanted.backlog_limit, &Change::backlog_limit, locked,
          notes);
  set_one(requests, "backlog_wait_time", status->backlog_wait_time, wait, &Change::backlog_wait_time, locked, notes);
  set_one(requests, "rate_limit", status->rate_limit, wanted.rate_limit, &Change::rate_limit, locked, notes);
  set_one(requests, "failure", status->failure, number(wanted.failure), &Change::failure, locked, notes);
  if (status->failure == 2)
    notes.emplace_back(
        "the kernel's failure mode is 2 (panic): a lost record stops this machine; 'failure: printk' is "
        "the safe setting");
  if (wanted.loginuid_immutable) {
    const auto features = requests.features();
    if (features && features->loginuid_immutable()) return notes;
    if (const auto done = requests.set_loginuid_immutable(); !done)
      notes.push_back("cannot make the login uid immutable: " + done.error().message());
  }
  return notes;
}

Notes enable_auditing(netlink::RequestSocket& requests, const config::Kernel& wanted) {
  Notes notes;
  const auto status = requests.status();
  // Locked is enabled, too.
  if (!status || !wanted.enabled || (status->enabled == kLocked && *wanted.enabled)) return notes;
  const std::uint32_t enabled = *wanted.enabled ? 1 : 0;
  set_one(requests, "enabled", status->enabled, enabled, &netlink::StatusChange::enabled, status->enabled == kLocked,
          notes);
  return notes;
}

}  // namespace naudit::daemon
