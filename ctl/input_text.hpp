// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

namespace naudit::ctl {

// A file's text, or that of stdin for "-", so that `auditctl -l | nauditctl rules import -` works. Throws base::Error
// as base::read_file() does.
std::string read_input(const std::string& path);

// What messages call it.
std::string input_name(const std::string& path);

}  // namespace naudit::ctl
