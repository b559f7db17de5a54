// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace naudit::daemon {

// What the service manager is told (sd_notify(3)); without one these do nothing. Main thread.
void notify_ready(const std::string& status);
void notify_reloading();
void notify_stopping();
void notify_watchdog();
// How often notify_watchdog() has to be called at least; empty if nobody waits for it.
std::optional<std::chrono::microseconds> watchdog_time();

}  // namespace naudit::daemon
