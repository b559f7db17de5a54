// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include "interpret/summary/record_fields.hpp"

namespace naudit::interpret {

// What a security module decided about: of SELinux (also where a program asked it), AppArmor, IPE and Landlock.
// AppArmor uses the type of SELinux's records; its field apparmor= tells. Pure, no allocation.
void take_mac_decision(const Scene& scene, const RecordFields& fields) noexcept;

}  // namespace naudit::interpret
