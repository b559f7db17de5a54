// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace naudit::rules {

// The one rule file that augenrules makes of a directory of them; byte for byte the same where that script reads a
// file as it was meant. `texts` are the contents of the files in their order, `directory` is named in the first line.
//
// Comments, empty lines and CRs go. The last `-D` without a key, the last line with `-b` and the last with `-f` come
// first, the last with `-e` comes last; everything else keeps its place. A file whose last line has no newline does
// not run into the next one. Pure; any bytes.
std::string merge_rule_files(std::span<const std::string> texts, std::string_view directory);

}  // namespace naudit::rules
