// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <vector>

#include "rules/rule/rule.hpp"

namespace naudit::rules {

// "a", "a or b", "a, b or c"
std::string joined(const std::vector<std::string>& words, const std::string& last);

// What the conditions of a rule ask for, in the order of its fields: "the login uid is 1000 or more", "the call fails
// with EACCES". Two that belong together become one. What explain() says elsewhere is left out: arch, key, path, dir,
// perm, msgtype and fstype with "=". Pure.
std::vector<std::string> condition_phrases(const Rule& rule);

// "read, written, executed or changed in its attributes"
std::string permission_phrase(std::uint32_t bits);

}  // namespace naudit::rules
