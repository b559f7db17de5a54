// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>

namespace naudit::config {

// YAML as a person would write it. Pure; any bytes.

// The text as a value that is read back as it is: plain where YAML allows it, else in double quotes. `in_list`: between
// the brackets of a list, where more characters have a meaning.
std::string yaml_scalar(std::string_view text, bool in_list = false);

// Whether a YAML file of ours can hold the text: UTF-8 without control characters.
bool fits_yaml(std::string_view text);

// One line that a YAML file may hold as a comment: bytes that it may not hold are written as \xNN.
std::string comment_line(std::string_view text);

}  // namespace naudit::config
