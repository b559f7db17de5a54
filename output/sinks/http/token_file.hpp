// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

namespace naudit::output {

// The bearer token in a file, without the blanks around it. Throws base::Error: missing, open to others than its
// owner (mode 0600 at most), larger than 64 KiB, empty, or with characters that no header can carry.
std::string read_token(const std::string& sink, const std::string& path);

}  // namespace naudit::output
