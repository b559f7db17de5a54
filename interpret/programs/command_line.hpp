// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <string>

#include "interpret/record/decoded_event.hpp"

namespace naudit::interpret {

// A command line is made for reading and searching: it is cut behind this many bytes, and then ends in " …".
inline constexpr std::size_t kLongestCommand = 1000;

// The arguments of an exec (EXECVE) with a blank between them; " …" stands for arguments that are missing. False, and
// nothing appended, without such a record. The kernel's word. Pure; allocates only what `out` needs.
bool append_command_line(const DecodedEvent& event, std::string& out);

// The same, whole: "…" stands for each run of missing arguments, and behind what is cut.
bool append_arguments(const DecodedEvent& event, std::string& out);

// The command line of the process itself (PROCTITLE), which the process may have changed. After an exec that failed it
// is the caller's own. False, and nothing appended, where there is none.
bool append_process_title(const DecodedEvent& event, std::string& out);

}  // namespace naudit::interpret
