// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace naudit::netlink {

// struct audit_status of linux/audit.h as a value. Older kernels send a shorter one: what is missing is empty.
// backlog_wait_time is in the kernel's jiffies, as the kernel has it.
struct KernelStatus {
  std::uint32_t enabled = 0;  // 0 off, 1 on, 2 on and locked until reboot
  std::uint32_t failure = 0;  // 0 silent, 1 printk, 2 panic
  std::uint32_t pid = 0;      // the registered audit daemon, 0 = none
  std::uint32_t rate_limit = 0;
  std::uint32_t backlog_limit = 0;
  std::uint32_t lost = 0;
  std::uint32_t backlog = 0;
  std::uint32_t feature_bitmap = 0;  // AUDIT_FEATURE_BITMAP_*
  std::uint32_t backlog_wait_time = 0;
  std::optional<std::uint32_t> backlog_wait_time_actual;
};

// struct audit_features: which runtime features are on, and which are locked until reboot.
struct KernelFeatures {
  std::uint32_t mask = 0;
  std::uint32_t features = 0;
  std::uint32_t lock = 0;

  [[nodiscard]] bool loginuid_immutable() const noexcept { return (features & 2U) != 0; }
  [[nodiscard]] bool loginuid_immutable_locked() const noexcept { return (lock & 2U) != 0; }
};

// What AUDIT_SET may change; only the members that hold a value are sent.
struct StatusChange {
  std::optional<std::uint32_t> enabled;
  std::optional<std::uint32_t> failure;
  std::optional<std::uint32_t> rate_limit;
  std::optional<std::uint32_t> backlog_limit;
  std::optional<std::uint32_t> backlog_wait_time;

  // What `newer` says replaces what stands here.
  void take(const StatusChange& newer);
};

// backlog_wait_time is in the kernel's jiffies, whose length user space can only see as the resolution of the coarse
// clocks (kernel/time/posix-timers.c: KTIME_LOW_RES is one tick). Never shorter than the time; any thread.
std::uint32_t to_jiffies(std::chrono::milliseconds time);
std::chrono::milliseconds from_jiffies(std::uint32_t jiffies);

// AUDIT_SIGNAL_INFO: who sent the last TERM, HUP, USR1 or USR2 to the audit daemon.
struct SignalSender {
  std::uint32_t uid = 0;  // the login uid, or the uid when there is none
  std::int32_t pid = 0;
};

}  // namespace naudit::netlink
