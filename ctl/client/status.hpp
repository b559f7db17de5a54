// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

namespace CLI {
class App;
}

namespace naudit::ctl {

// `nauditctl status`. Exit code 0: all is well; 1: the daemon does not answer; 3: records or events were lost, or a
// sink or the registration is not in order.
void add_status_command(CLI::App& app, int& exit_code);

}  // namespace naudit::ctl
