// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include "config/config.hpp"

namespace CLI {
class App;
}

namespace naudit::ctl {

// Adds an option for each list of a filter (config/filter_lists.hpp), and --outcome, which takes "success" or
// "failure". Both have to live until the command line has been read.
void add_filter_options(CLI::App& command, config::Filter& filter, std::string& outcome);

// What the help of a command with these options says of them.
extern const char* const kFilterHelp;

}  // namespace naudit::ctl
