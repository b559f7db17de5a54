// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

namespace CLI {
class App;
}

namespace naudit::ctl {

// `nauditctl rules list | check | diff | apply | explain`, and what has a file of its own.
void add_rules_command(CLI::App& app, int& exit_code);

}  // namespace naudit::ctl
