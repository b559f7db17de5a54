// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include "rules/advice/report.hpp"

namespace naudit::ctl {

// Of stdout: the terminal's width, and colour unless NO_COLOR is set (https://no-color.org); neither where it is no
// terminal.
rules::ReportLayout layout_of_stdout();

}  // namespace naudit::ctl
