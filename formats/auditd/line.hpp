// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string_view>

#include "correlate/correlator.hpp"

namespace naudit::formats {

// Takes one line of a stored log apart: "[node=NAME ]type=TYPE msg=audit(…): body"; the same behind what syslog or the
// kernel's console puts before it ("… audit: type=1400 audit(…): body"); the kernel's own text, with the number of its
// type ("1300 audit(…): body") or without. False if there is no record in the line; `out` then has the whole line as
// text, so that it can be passed on raw. Views point into the line. Pure.
bool parse_line(std::string_view line, correlate::Input& out) noexcept;

}  // namespace naudit::formats
