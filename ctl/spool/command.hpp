// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

namespace CLI {
class App;
}

namespace naudit::ctl {

// `nauditctl spool ls|verify|cat|repair DIR`: a sink's spool, while the daemon runs and after a crash.
void add_spool_command(CLI::App& app, int& exit_code);

}  // namespace naudit::ctl
