// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"

namespace naudit::rules {

// Several places in one breath, in their order and each once: "lines 4, 7 to 9 and 12"; those of other files behind
// their name: "line 4, /b.rules:2 and 5". Lines of `file` come without it. After the first twenty lines the others are
// only counted. Pure.
std::string places_text(const std::vector<base::Place>& places, const std::string& file);

}  // namespace naudit::rules
