// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>

namespace naudit::formats {

// Text for XML 1.0 in UTF-8, as an attribute's value in double quotes or as the content of an element; any bytes. Pure.
//
// Read again it is the same text, but for the control characters and the two noncharacters that XML forbids, which
// become U+FFFD. Bytes that are not UTF-8 become U+10FE00 + byte, as in our JSON. Invisible characters are written as
// references, so that a document can be looked at on a terminal and no line ends within a value.
void append_xml(std::string_view text, std::string& out);

// False if it has a character that XML forbids.
bool is_xml_text(std::string_view text) noexcept;

}  // namespace naudit::formats
