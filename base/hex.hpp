// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace naudit::base {

// The hexadecimal strings of audit records: two digits a byte, upper case from the kernel, either case from programs.
// Pure functions, any thread.

// True for an even, non-zero count of hexadecimal digits and nothing else.
bool is_hex(std::string_view text) noexcept;

// Writes hex.size() / 2 bytes to out, which must hold that many. False if hex is not hexadecimal as above: what is then
// in out means nothing. An empty text is false as well.
bool decode_hex(std::string_view hex, char* out) noexcept;

// The same, appended; on false out is as it was.
bool append_decoded_hex(std::string& out, std::string_view hex);

// Appends two upper-case digits for each byte, as the kernel writes them.
void append_hex(std::string& out, std::string_view bytes);

}  // namespace naudit::base
