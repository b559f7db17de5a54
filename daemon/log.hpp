// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

namespace naudit::daemon {

// Sets up spdlog's default logger for our own diagnostics: stderr, with the priority prefix that journald reads when
// that is where stderr goes. A message that repeats itself, or a flood of them, is held back and summed up, so that
// diagnostics never become a load of their own. level: "trace" … "error". Main thread, before other threads start; the
// logger itself is thread-safe. The drain thread does not use it.
void set_up_log(const std::string& level);

}  // namespace naudit::daemon
