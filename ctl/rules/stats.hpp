// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

namespace CLI {
class App;
}

namespace naudit::ctl {

// `nauditctl rules stats`; `rules` is the command above it.
void add_rule_stats_command(CLI::App& rules, int& exit_code);

}  // namespace naudit::ctl
