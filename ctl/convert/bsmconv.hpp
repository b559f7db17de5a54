// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <vector>

namespace naudit::ctl {

// What nauditctl does under the name bsmconv: logs of Linux audit in, a trail of OpenBSM out. It is `nauditctl convert
// --format bsm`, with the few options that the converter of that name had; the exit codes are those of convert.
int run_bsmconv(const std::vector<std::string>& arguments);

}  // namespace naudit::ctl
