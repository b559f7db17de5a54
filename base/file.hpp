// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <string>

namespace naudit::base {

inline constexpr std::size_t kMostFileBytes = std::size_t{4} << 20U;

// The whole of a configuration or rule file. Blocks on the disk; start-up and reload only.
//
// With `check_permissions` the file has to belong to root or to us and nobody else may be able to write it: who can
// write it decides what a daemon with root's rights does. The check is made on the opened file, so that it cannot be
// swapped in between, and on the folders and links that lead to it (base/trusted_path.hpp). Throws Error: missing,
// unreadable, not a regular file, more than 4 MiB, or unsafe permissions (the message names the chmod or chown to run).
std::string read_file(const std::string& path, bool check_permissions);

}  // namespace naudit::base
