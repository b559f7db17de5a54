// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <span>
#include <vector>

#include "config/error.hpp"
#include "rules/environment.hpp"
#include "rules/rule.hpp"

namespace naudit::rules {

// Advice on rules that the kernel takes and that their author would not want: rules that turn auditing off, that are
// never reached, that mean other calls to 32-bit programs, that hook every call of every process, paths that are not
// there. In the order of the rules. Pure but for the environment.
std::vector<config::Problem> lint(std::span<const WantedRule> rules, const Environment& environment);

}  // namespace naudit::rules
