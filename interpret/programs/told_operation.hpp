// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include "interpret/summary/scene.hpp"
#include "interpret/summary/summary.hpp"

namespace naudit::interpret {

// Reads what a program's record says in op= (operations.hpp) into a summary that already has what the record's type
// says: the verb, the object's kind, who was put into which group. The whole text stands in the object as `operation`,
// blanks included. A text that no program is known to write leaves the verb as it is. Of a record that is a message
// alone (USER, TRUSTED_APP, USER_ERR without op=), the message.
//
// For records of programs (msg='…') only; all that it adds is claimed. Pure, no allocation.
void take_operation(const Scene& scene, Summary& summary) noexcept;

}  // namespace naudit::interpret
