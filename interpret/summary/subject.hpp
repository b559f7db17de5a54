// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include "interpret/summary/plan/plan.hpp"
#include "interpret/summary/scene.hpp"
#include "interpret/summary/summary.hpp"

namespace naudit::interpret {

// Who acted: of a system call its record says so, whatever else belongs to the event; without one the plan's `who` says
// where to look. Fills in all of `summary` that is the subject's, `how`, `exit`, `decided_by`, and the call's arguments
// in `scene`. Pure, no allocation.
void take_subject(Scene& scene, const Plan& plan, Summary& summary) noexcept;

}  // namespace naudit::interpret
