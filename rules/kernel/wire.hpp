// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "rules/rule/rule.hpp"

namespace naudit::rules {

// struct audit_rule_data of linux/audit.h: 1040 bytes and then the strings of the fields, in the order of the fields
// and without a separator. Pure; any thread.

// Padded with NULs to a multiple of four, as libaudit sends it. A rule of more than 64 fields keeps the first 64: the
// parsers refuse such a rule, so this is never seen.
std::vector<std::byte> encode(const Rule& rule);

// Any bytes at all: what is not a rule is told, never read past its end. Trailing padding is allowed.
tl::expected<Rule, std::string> decode(std::span<const std::byte> bytes);

}  // namespace naudit::rules
