// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>

namespace naudit::formats {

// Appends an action as words: "changed-file-permissions-of" becomes "changed permissions of" if an object follows, and
// "changed file permissions" if there is none to follow. An action that reads well as it stands only loses its hyphens.
void append_verb_phrase(std::string_view action, bool object_follows, std::string& out);

}  // namespace naudit::formats
