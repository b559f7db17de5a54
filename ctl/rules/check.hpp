// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

namespace CLI {
class App;
}

namespace naudit::ctl {

// `nauditctl rules check`; `rules` is the command above it.
void add_check_command(CLI::App& rules, int& exit_code);

}  // namespace naudit::ctl
