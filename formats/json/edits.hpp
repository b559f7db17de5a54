// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace naudit::formats {

// What has to be changed in one text to get another, as the native event keeps it where a record is not spelled in the
// usual way: "AT,CUT,TEXT", each at its place in the text before any change, in ascending order. From there on CUT
// bytes go, and TEXT comes in their place. Pure; time linear in the texts.

// False, and edits of no use, where they would be longer than `to`.
bool find_edits(std::string_view from, std::string_view to, std::vector<std::string>& edits);

// False if one of them is no edit, or is outside of the text; `out` then has what there was before it.
bool apply_edits(std::string_view from, const std::vector<std::string>& edits, std::string& out);

}  // namespace naudit::formats
