// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "base/counter.hpp"
#include "config/config.hpp"
#include "daemon/kernel/settings.hpp"
#include "daemon/kernel/trouble.hpp"
#include "netlink/status.hpp"

namespace naudit::daemon {

// What is amiss with the kernel's audit settings, as they were seen last; 0 is well.
struct KernelTroubles {
  std::uint64_t auditing_off = 0;
  std::uint64_t drifted = 0;
  std::uint64_t stalled = 0;
};

inline constexpr auto kTroubleCounters = std::to_array<base::CounterRow<KernelTroubles>>({
    {{"auditing_off", "", base::CounterKind::kAlarm, "1: auditing is switched off (enabled 0), though it should be on"},
     &KernelTroubles::auditing_off},
    {{"drifted", "settings", base::CounterKind::kAlarm,
      "of the kernel that somebody has changed from what is configured"},
     &KernelTroubles::drifted},
    {{"stalled", "", base::CounterKind::kAlarm,
      "1: audited programs had to wait for room in the kernel's queue, a moment ago"},
     &KernelTroubles::stalled},
});

// The kernel's audit settings kept to what is configured: auditing itself, limits, failure mode, wait time. What
// somebody changed is told once, healed if so configured (`rules.drift`), each time after a longer delay, so that two
// who disagree do not fight for ever, and told again when it is as it should be. And audited programs that are made to
// wait are told, as long as it goes on.
//
// Main thread; never waits.
class SettingsKeeper {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  // A DAEMON_* record's type and text.
  using Tell = std::function<void(std::uint16_t type, const std::string& text)>;
  // Brings the kernel to these settings, on another thread.
  using Apply = std::function<void(const KernelSettings&)>;

  // After a healing the next one waits so long, twice as long each time, up to the longest; so long a peace forgets it.
  static constexpr std::chrono::seconds kFirstDelay{2};
  static constexpr std::chrono::seconds kLongestDelay{600};
  static constexpr std::chrono::seconds kForget{3600};
  static constexpr std::chrono::seconds kStallOver{10};

  SettingsKeeper(Tell tell, Apply apply) : tell_(std::move(tell)), apply_(std::move(apply)) {}

  // From now on these are wanted; what has no value is nobody's business.
  void want(const KernelSettings& wanted, config::Drift drift);
  // Each time that the kernel's status was read.
  void look(const netlink::KernelStatus& status, TimePoint now);

  [[nodiscard]] const KernelTroubles& troubles() const noexcept { return troubles_; }

 private:
  void look_for_drift(const netlink::KernelStatus& status, TimePoint now);
  void look_for_changes(const netlink::KernelStatus& status);
  void look_for_stall(const netlink::KernelStatus& status, TimePoint now);

  Tell tell_;
  Apply apply_;
  KernelSettings wanted_;
  config::Drift drift_ = config::Drift::kIgnore;
  KernelTroubles troubles_;
  Trouble off_{std::chrono::milliseconds{0}};
  Trouble stall_{kStallOver};
  std::string told_;  // the settings that differ, as they were told
  std::optional<netlink::KernelStatus> last_;
  TimePoint not_before_{}, healed_{};
  std::chrono::seconds delay_{};
  std::optional<std::uint32_t> waited_;  // backlog_wait_time_actual
  std::uint64_t stall_ticks_ = 0;        // of this stall
};

}  // namespace naudit::daemon
