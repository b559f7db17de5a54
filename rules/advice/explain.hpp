// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include "rules/rule/rule.hpp"

namespace naudit::rules {

// What a rule catches, in one sentence. Pure.
std::string explain(const Rule& rule);

}  // namespace naudit::rules
