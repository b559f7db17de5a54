// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

namespace CLI {
class App;
}

namespace naudit::ctl {

// `nauditctl rotate`.
void add_rotate_command(CLI::App& app, int& exit_code);

}  // namespace naudit::ctl
