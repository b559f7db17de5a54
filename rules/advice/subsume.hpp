// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <vector>

#include "rules/rule/rule.hpp"

namespace naudit::rules {

// What follows from the conditions of rules, as far as numbers, paths and permissions tell. Never wrong when true; what
// takes more thought is false. Pure.

// Whether each event that fits the later rule fits the earlier one too, so that the later one is never reached.
bool covers(const Rule& earlier, const Rule& later);

// Whether no event can fit the rule, because its conditions exclude each other.
bool is_impossible(const Rule& rule);

// The record types that may fit the rule, as far as its conditions on msgtype tell.
struct TypeRange {
  std::uint64_t least = 0, most = 0;
  std::vector<std::uint32_t> excluded;
  [[nodiscard]] bool has(std::uint32_t type) const;
};
TypeRange record_types(const Rule& rule);

// Whether the later rule loses events that fit both to the earlier one, although it is for other things than single
// files or programs that the earlier one names: the kernel takes the first rule that fits. Conditions that exclude each
// other are seen in numbers only.
bool takes_part(const Rule& earlier, const Rule& later);

// Whether an event may fit both, as far as their arches and calls tell.
bool may_overlap(const Rule& one, const Rule& other);

}  // namespace naudit::rules
