// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include "config/loader.hpp"

namespace naudit::daemon {

// What the configuration's own loader cannot know: whether the words of a filter are record types, system calls and
// users. Throws base::Error with the place of each. At start, at reload and for
// --check.
void check_sinks(const config::Loaded& loaded);
// Reads the rule files as a load would, and says how many rules they hold. Throws base::Error with every problem.
std::size_t check_rules(const config::Config& config, bool check_permissions);

}  // namespace naudit::daemon
