// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include "rules/rule/rule.hpp"

namespace naudit::rules {

// What follows from the conditions of rules, as far as numbers, paths and permissions tell. Never wrong when true; what
// takes more thought is false. Pure.

// Whether each event that fits the later rule fits the earlier one too, so that the later one is never reached.
bool covers(const Rule& earlier, const Rule& later);

// Whether no event can fit the rule, because its conditions exclude each other.
bool is_impossible(const Rule& rule);

// Whether an event may fit both, as far as their arches and calls tell.
bool may_overlap(const Rule& one, const Rule& other);

}  // namespace naudit::rules
