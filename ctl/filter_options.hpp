// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include "config/config.hpp"

namespace CLI {
class App;
}

namespace naudit::ctl {

// Adds an option for each list of a filter (config/filter_lists.hpp), --filter for its expression, and --outcome, which
// takes "success" or "failure". Both have to live until the command line has been read.
void add_filter_options(CLI::App& command, config::Filter& filter, std::string& outcome);

// Says on standard error which users of a filter have no number here: a misspelt one would find nothing, without a
// word.
void tell_unknown_users(const config::Filter& filter);

// What the help of a command with these options says of them.
extern const char* const kFilterHelp;

}  // namespace naudit::ctl
