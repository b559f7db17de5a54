// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include "interpret/summary/call_actions.hpp"
#include "interpret/summary/scene.hpp"
#include "interpret/summary/summary.hpp"

namespace naudit::interpret {

// What a system call, or an operation of io_uring, acted on. Sets the object of `summary`, and a verb that says more
// where the arguments do. Pure, no allocation.
void take_object_of_call(const Scene& scene, const CallAction& action, Summary& summary) noexcept;

// The file of the event's PATH records; nothing if it has none.
void take_file(const Scene& scene, const CallAction& action, Summary& summary) noexcept;

// The file of the PATH record with this inode; nothing if there is none.
void take_file_of_inode(const Scene& scene, std::string_view inode, Summary& summary) noexcept;
// Does the file of the event's PATH records end in this name?
bool is_file_called(const Scene& scene, const Field& name) noexcept;

// The processes of the event's OBJ_PID records; false if it has none.
bool take_processes(const Scene& scene, Summary& summary) noexcept;

}  // namespace naudit::interpret
