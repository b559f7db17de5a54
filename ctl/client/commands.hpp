// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

namespace CLI {
class App;
}

namespace naudit::ctl {

// The commands that ask the running daemon. Exit code 1: nauditd does not answer, or refuses.

// 3: something is not in order.
void add_status_command(CLI::App& app, int& exit_code);
// The same of sinks.
void add_sinks_command(CLI::App& app, int& exit_code);
void add_tail_command(CLI::App& app, int& exit_code);
void add_metrics_command(CLI::App& app, int& exit_code);
void add_reload_command(CLI::App& app, int& exit_code);
void add_rotate_command(CLI::App& app, int& exit_code);

}  // namespace naudit::ctl
