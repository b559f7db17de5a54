// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>

namespace naudit::formats {

// Appends text from a record for a person to read: control characters and bytes that are not UTF-8 as \x1b, so that
// nothing in a record steers the reader's terminal or ends the line.
void append_safely(std::string_view text, std::string& out);

}  // namespace naudit::formats
