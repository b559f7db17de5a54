// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>

#include "rules/rule/environment.hpp"
#include "rules/rule/rule_set.hpp"

namespace naudit::migrate {

// What is different between two sets of rules that should do the same: one that only one of them has, or two whose
// order was changed although order matters. Empty: nothing. Pure.
std::string difference(std::span<const rules::WantedRule> left, std::span<const rules::WantedRule> right);

// Throws base::Error unless the YAML text gives the rules that auditctl's text gives, as difference() sees it, those
// of the lines `but` left out.
void check_import(std::string_view auditctl, const std::set<int>& but, const std::string& yaml, const std::string& name,
                  const rules::Environment& environment);

}  // namespace naudit::migrate
