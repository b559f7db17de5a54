// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

namespace naudit::config {

// Reads the text once without building anything and refuses what could hurt the builder or its readers: text that is
// not UTF-8, control characters (yaml-cpp takes byte 4 for the end of the file), nesting deeper than 64, an alias
// inside its own anchor, aliases that multiply to more than a million values, more than one document, a quoted text
// that has no end or goes on in lines that are not indented as its part (yaml-cpp takes both). Throws Error with the
// place; also for everything that the YAML parser itself refuses. Pure.
void check_yaml(const std::string& text, const std::string& name);

}  // namespace naudit::config
