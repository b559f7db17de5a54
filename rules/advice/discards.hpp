// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <span>

#include "rules/advice/collector.hpp"
#include "rules/rule/rule.hpp"

namespace naudit::rules {

// Advice on the rules of the exclude list: those that leave out every record, or records that other rules are for. The
// kernel looks at that list when it begins a record, whatever the place of the rule in the file and whichever of the
// two actions it has (kernel/audit.c, audit_log_start). Pure.
void look_at_discards(std::span<const WantedRule> rules, AdviceCollector& advice);

}  // namespace naudit::rules
