// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string_view>

namespace naudit::rules {

// Whether a file name comes before another in version order, as `ls -v` has it and so augenrules: numbers count as
// numbers ("9-x" before "10-a"), '~' comes before the end of a name, letters before other characters, and suffixes such
// as ".rules" count only when the rest is the same. A strict order of all names; any bytes. Pure.
bool version_less(std::string_view left, std::string_view right) noexcept;

}  // namespace naudit::rules
