// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

namespace CLI {
class App;
}

namespace naudit::ctl {

// `nauditctl convert`. Exit code 0: everything was converted; 3: all of it was read, and there were lines without a
// record in them; 1: an input could not be read to its end, or the output not be written; 130: interrupted.
void add_convert_command(CLI::App& app, int& exit_code);

}  // namespace naudit::ctl
