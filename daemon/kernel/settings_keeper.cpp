// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/kernel/settings_keeper.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "tables/record_types.hpp"

namespace naudit::daemon {
namespace {

namespace type = tables::type;

constexpr std::uint32_t kLocked = 2;

struct Row {
  const char* name;
  std::optional<std::uint32_t> netlink::StatusChange::* wanted;
  std::uint32_t netlink::KernelStatus::* now;
};
// `enabled` apart.
constexpr Row kRows[] = {
    {"backlog_limit", &netlink::StatusChange::backlog_limit, &netlink::KernelStatus::backlog_limit},
    {"failure", &netlink::StatusChange::failure, &netlink::KernelStatus::failure},
    {"rate_limit", &netlink::StatusChange::rate_limit, &netlink::KernelStatus::rate_limit},
    {"backlog_wait_time", &netlink::StatusChange::backlog_wait_time, &netlink::KernelStatus::backlog_wait_time},
};

}  // namespace

void SettingsKeeper::want(const KernelSettings& wanted, config::Drift drift) {
  wanted_ = wanted;
  drift_ = drift;
  delay_ = {};
  not_before_ = {};
}

void SettingsKeeper::look(const netlink::KernelStatus& status, TimePoint now) {
  look_for_stall(status, now);
  look_for_drift(status, now);
  look_for_changes(status);
  last_ = status;
}

// What the configuration leaves alone is not put right, but a change of it is told.
void SettingsKeeper::look_for_changes(const netlink::KernelStatus& status) {
  if (!last_ || drift_ == config::Drift::kIgnore) return;
  std::string changed, words;
  for (const Row& row : kRows) {
    if (wanted_.values.*row.wanted || (*last_).*row.now == status.*row.now) continue;
    changed += fmt::format(" {}={}", row.name, status.*row.now);
    words +=
        fmt::format("{}{} is {}, and was {}", words.empty() ? "" : ", ", row.name, status.*row.now, (*last_).*row.now);
  }
  if (changed.empty()) return;
  spdlog::warn("somebody changed settings of the kernel's audit that are not configured: {}", words);
  tell_(type::kDaemonConfig, fmt::format("op=settings-changed{} res=success", changed));
}

void SettingsKeeper::look_for_drift(const netlink::KernelStatus& status, TimePoint now) {
  const bool tells = drift_ != config::Drift::kIgnore;
  const bool is_off = status.enabled == 0 && wanted_.values.enabled == 1U;
  troubles_.auditing_off = is_off ? 1 : 0;
  const Trouble::News off = off_.look(is_off, now);
  if (tells && off == Trouble::News::kBegan) {
    spdlog::error("auditing is switched off (enabled 0), though it should be on{}",
                  drift_ == config::Drift::kHeal ? "; it is switched on again" : "");
    tell_(type::kDaemonErr, "op=auditing-off enabled=0 res=failed");
  } else if (tells && off == Trouble::News::kEnded) {
    spdlog::info("auditing is switched on again");
    tell_(type::kDaemonConfig, fmt::format("op=auditing-on enabled={} res=success", status.enabled));
  }

  std::string differing, words;
  troubles_.drifted = 0;
  for (const Row& row : kRows) {
    const std::optional<std::uint32_t>& wanted = wanted_.values.*row.wanted;
    // Locked settings wait for a reboot, which was said when they could not be set.
    if (!wanted || *wanted == status.*row.now || status.enabled == kLocked) continue;
    ++troubles_.drifted;
    differing += fmt::format(" {}={}", row.name, status.*row.now);
    words += fmt::format("{}{} is {}, not {}", words.empty() ? "" : ", ", row.name, status.*row.now, *wanted);
  }
  if (differing != told_ && tells) {
    if (differing.empty()) {
      spdlog::info("the kernel's audit settings are as configured again");
      tell_(type::kDaemonConfig, "op=settings-restored res=success");
    } else {
      spdlog::warn("the kernel's audit settings are not as configured: {}{}", words,
                   drift_ == config::Drift::kHeal ? "; they are set again" : "");
      tell_(type::kDaemonErr, fmt::format("op=settings-drift{} res=failed", differing));
    }
  }
  told_ = differing;

  if ((!is_off && differing.empty()) || drift_ != config::Drift::kHeal || now < not_before_) return;
  if (now - healed_ > kForget) delay_ = {};
  delay_ = delay_.count() == 0 ? kFirstDelay : std::min(2 * delay_, kLongestDelay);
  healed_ = now;
  not_before_ = now + delay_;
  apply_(wanted_);
}

void SettingsKeeper::look_for_stall(const netlink::KernelStatus& status, TimePoint now) {
  if (!status.backlog_wait_time_actual) return;
  const std::uint32_t total = *status.backlog_wait_time_actual;
  const std::uint32_t before = std::exchange(waited_, total).value_or(total);
  // Anybody may reset it.
  const std::uint32_t more = total > before ? total - before : 0;
  stall_ticks_ += more;
  const Trouble::News news = stall_.look(more > 0, now);
  troubles_.stalled = stall_.is_on() ? 1 : 0;
  if (news == Trouble::News::kNone) return;
  const auto waited = netlink::from_jiffies(static_cast<std::uint32_t>(stall_ticks_)).count();
  if (news == Trouble::News::kBegan) {
    spdlog::warn("audited programs have to wait: the kernel's queue is full ({} ms so far)", waited);
    tell_(type::kDaemonErr, fmt::format("op=stall waited_ms={} backlog={} res=failed", waited, status.backlog));
  } else {
    spdlog::info("audited programs no longer wait; they had waited {} ms in all", waited);
    tell_(type::kDaemonConfig, fmt::format("op=stall-over waited_ms={} res=success", waited));
    stall_ticks_ = 0;
  }
}

}  // namespace naudit::daemon
