// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>

namespace naudit::base {

// The text with U+FFFD for each byte that is not UTF-8: what messages and names need before they go into JSON.
std::string valid_utf8(std::string_view text);

}  // namespace naudit::base
