// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include "interpret/summary/plan/plan.hpp"
#include "interpret/summary/record_fields.hpp"
#include "interpret/summary/scene.hpp"

namespace naudit::interpret {

// SELinux, Smack and AppArmor write into records of one type, and so do object managers: the row of the one that
// speaks. Any other row is the answer to itself.
Shape speaking_module(const Scene& scene, Shape shape) noexcept;

// The rules of the security modules' rows: what was asked for, of what, and what they decided. False if `rule` is none
// of them.
bool apply_mac_rule(Rule rule, const Scene& scene, const RecordFields& fields) noexcept;

}  // namespace naudit::interpret
