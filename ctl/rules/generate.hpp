// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

namespace CLI {
class App;
}

namespace naudit::ctl {

// `nauditctl rules generate`: augenrules with its directories as options. `app` is the subcommand `rules`.
void add_generate_command(CLI::App& app, int& exit_code);

}  // namespace naudit::ctl
