// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

namespace CLI {
class App;
}

namespace naudit::ctl {

// nauditctl top: what makes the events, and how the sinks are doing. Exit code 1: nauditd does not answer, or has
// ended.
void add_top_command(CLI::App& app, int& exit_code);

}  // namespace naudit::ctl
