// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <optional>
#include <string>

namespace naudit::ctl {

// The change of a file as diff -u prints it and patch(1) takes it; empty if there is none. Nothing: the file is not
// there, /dev/null. Pure.
std::string unified_diff(const std::string& path, const std::optional<std::string>& before,
                         const std::optional<std::string>& after);

}  // namespace naudit::ctl
