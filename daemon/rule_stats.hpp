// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "daemon/pipeline/key_counts.hpp"
#include "rules/rule/rule.hpp"

namespace naudit::daemon {

// The object behind "rule_stats" of the control socket's answer (docs/control-socket.md), on one line: what each key
// has brought, the most in the last minute first, with the rules that carry it and where they stand. `loaded` are the
// kernel's rules, empty if it did not list them; `wanted` are those of our rule files. Pure.
std::string rule_stats_json(const KeyReport& report, const std::optional<std::vector<rules::Rule>>& loaded,
                            std::span<const rules::WantedRule> wanted, tables::ArchWord native);

}  // namespace naudit::daemon
