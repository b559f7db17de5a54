// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace naudit::interpret {

// A file's mode as ausearch -i spells it: "file,755", "dir,sticky,777", "file,suid,755"; without a known type its four
// bits as three octal digits: "000,644". Pure functions, any thread.
void append_mode(std::string& out, std::uint32_t mode);

// The same from the octal text of a PATH record ("0100755"). False, and nothing appended, if it is not octal.
bool append_mode(std::string& out, std::string_view octal);

}  // namespace naudit::interpret
