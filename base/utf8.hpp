// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// UTF-8 one character at a time, and which characters a reader cannot see. All pure; any thread; nothing fails.
namespace naudit::base {

// The first character of a text. `size` is how many bytes it takes; 0 if the text does not begin with valid UTF-8
// (overlong, a surrogate, cut, a stray byte) or is empty.
struct Utf8Character {
  char32_t value = 0;
  std::size_t size = 0;
};
Utf8Character first_character(std::string_view text) noexcept;

// True for what has no shape of its own but acts on the text around it, or on the terminal: control characters (C0,
// DEL, C1), format characters (Unicode's category Cf: bidirectional marks, zero-width characters, tags), and the line
// and paragraph separators (Zl, Zp). Of Unicode 15.
bool is_invisible(char32_t character) noexcept;

// Appends a text for a person to read: every byte of an invisible character, and every byte that is not UTF-8, as \xNN.
// So no text from outside moves the cursor, ends the line, or reads as another than it is. Whatever goes to a terminal,
// a message or a log goes through here; data for a program does not.
void append_shown(std::string_view text, std::string& out);
std::string shown(std::string_view text);

}  // namespace naudit::base
