// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

namespace CLI {
class App;
}

namespace naudit::ctl {

// `nauditctl convert`. Exit code 0: all was converted; 1: an input or the output could not be read or written.
void add_convert_command(CLI::App& app, int& exit_code);

}  // namespace naudit::ctl
