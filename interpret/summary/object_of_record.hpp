// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include "interpret/summary/plan/plan.hpp"
#include "interpret/summary/scene.hpp"
#include "interpret/summary/summary.hpp"

namespace naudit::interpret {

// What the headline of an event is about: an account, a service, a firewall's table … Follows the plan: adds its parts
// to the object of `summary`, and sets a verb that says more where the record does. What stands outside of msg='…' goes
// before what stands in it.
// Pure, no allocation.
void take_object_of_record(const Scene& scene, const Plan& plan, Summary& summary) noexcept;

}  // namespace naudit::interpret
