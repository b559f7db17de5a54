// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <vector>

namespace naudit::ctl {

// Reads nauditctl's own command line, `nauditctl rules list` and the like, runs the subcommand and gives the exit
// code. A subcommand registers itself by one function of the shape
//   void add_<name>_command(CLI::App& app, int& exit_code);
// that is named in subcommand.cpp, or in ctl/rules/command.cpp; what it registers as a callback runs after all
// arguments were read and sets exit_code.
int run_subcommand(const std::vector<std::string>& arguments);

}  // namespace naudit::ctl
