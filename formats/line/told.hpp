// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include "interpret/summary/summary.hpp"

namespace naudit::formats {

// What of a summary a sentence tells, and of whom. Pure, any thread.

bool is_unset(const interpret::Field& id);

// Does a process act on itself?
bool is_self(const interpret::Summary& summary);

// Is nobody known to act but the program? Of a login the program that reports it acts for somebody whom nobody knows
// yet: it is root's, but root did nothing. Of a service only its manager is known to have started it, whoever asked.
bool acts_for_others(const interpret::Summary& summary);

// Where a user came from, as far as the program says; null if it does not.
const interpret::Field* origin(const interpret::Summary& summary);

// Is there something that the object is called by?
bool names_object(const interpret::Summary& summary);

// Does the operation tell more than the verb?
bool tells_operation(const interpret::Summary& summary);

}  // namespace naudit::formats
