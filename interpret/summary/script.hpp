// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>

#include "interpret/record/decoded_event.hpp"

namespace naudit::interpret {

struct Summary;

// Is this program one that runs scripts: sh, bash, python3.11, perl, …? By its file name, without a version. O(1).
bool is_interpreter(std::string_view exe) noexcept;

// Who says which script it was.
enum class ScriptSource { kNone, kKernel, kProcess };

// The script that the event's program runs, if it is an interpreter and the records tell. Appends to `out`.
//
// After an exec the kernel tells: the file that was executed is the script itself, or one of the arguments is. Later
// there is only the command line, which lies in the process's own memory (PROCTITLE), and its name (comm): the process
// may have changed both, so these are its claim.
ScriptSource append_script(const DecodedEvent& event, const Summary& summary, std::string& out);

}  // namespace naudit::interpret
