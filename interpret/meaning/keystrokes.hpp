// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>

namespace naudit::interpret {

// Appends the keystrokes that a TTY record logged, as ausearch -i spells them: what was typed in quotes, keys by their
// names: "ls -l",<ret>,<up>,<^C>. A byte that is neither is written in octal: "\303". Pure.
void append_keystrokes(std::string& out, std::string_view bytes);

// True if there is a byte in it that is not a printable character of ASCII. Pure.
bool has_keys(std::string_view bytes) noexcept;

}  // namespace naudit::interpret
