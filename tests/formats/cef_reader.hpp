// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace naudit::tests {

// A line of CEF or LEEF as a strict receiver reads it: whatever the published grammar does not allow is an error.
// Written from the grammar alone; it shares nothing with the encoders.
struct FlatLine {
  std::vector<std::string> header;           // without "CEF:0" or "LEEF:2.0"
  std::map<std::string, std::string> pairs;  // values as the sender had them before he escaped them
  std::string wrong;                         // empty, or what the reader takes offence at
};

// One line with its newline. Keys, types and lengths by ArcSight's dictionary.
FlatLine read_cef(std::string_view line);
FlatLine read_leef(std::string_view line);

// U+10FE00 + byte as that byte again.
std::string with_bytes(std::string_view text);

}  // namespace naudit::tests
