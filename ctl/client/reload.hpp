// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

namespace CLI {
class App;
}

namespace naudit::ctl {

// `nauditctl reload`.
void add_reload_command(CLI::App& app, int& exit_code);

}  // namespace naudit::ctl
