// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>

#include "formats/json/text.hpp"

namespace naudit::formats {

// A string of laurel's JSON, with its quotes: a control character, '%', '+', and a byte that is not UTF-8 are
// percent-encoded (%0a, lower case), so that every text can be told again; then JSON's own escapes. Invisible
// characters are escaped by JSON, which laurel does not: the value is the same. `scratch` is for texts that need it.
void put_laurel_string(JsonText& json, std::string_view text, std::string& scratch);

}  // namespace naudit::formats
