// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace naudit::ctl {

// Behaves as auditctl 4.x does with these arguments (without the program's name): same requests to the kernel, same
// texts, same exit code. docs/rules.md lists where it does better.
int run_auditctl(const std::vector<std::string>& arguments);

// Whether nauditctl's first argument is an option of auditctl, so that the rest is auditctl's too.
bool is_auditctl_option(std::string_view argument);

}  // namespace naudit::ctl
