// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <vector>

#include "base/error.hpp"
#include "config/loader.hpp"
#include "rules/advice/lint.hpp"

namespace naudit::daemon {

// What the configuration's own loader cannot know: whether the words of a filter are record types, system calls and
// users. Throws base::Error with the place of each. At start, at reload and for
// --check.
void check_sinks(const config::Loaded& loaded);
struct RulesChecked {
  std::size_t rules = 0;
  std::vector<base::Problem> notes;
  std::vector<rules::Advice> losses;  // what the rules keep from being recorded (rules::is_loss)
};
// Reads the rule files as a load would. Throws base::Error with every problem. A key for which a sink's filter asks and
// that no rule has is a note.
RulesChecked check_rules(const config::Loaded& loaded, bool check_permissions);

}  // namespace naudit::daemon
