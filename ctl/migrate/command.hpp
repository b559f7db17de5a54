// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

namespace CLI {
class App;
}

namespace naudit::ctl {

// `nauditctl migrate`: what is installed on a host, as nauditd's configuration; to look at, to write, and to take back.
void add_migrate_command(CLI::App& app, int& exit_code);

}  // namespace naudit::ctl
